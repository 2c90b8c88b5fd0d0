#!/usr/bin/env bash
# klynge-timetable as somebody at a terminal uses it: solve, score, improve, replan, questions, and what is said of bad files.
source "$(dirname "${BASH_SOURCE[0]}")/support.sh"

instances="$root/tests/data/itc2007"
toy="$instances/toy.ctt"
comp="$instances/comp01.ctt"
cd "$run_directory"

timetable() { "$binaries/klynge-timetable" "$@"; }

# exits CODE COMMAND…: the command's exit code; what it says is in out and err.
exits() {
  local expected=$1 code=0
  shift
  "$@" >out 2>err || code=$?
  [ "$code" = "$expected" ] || { say "exit code $code instead of $expected: $*"; cat out err; return 1; } >&2
}

# total NAME SOLUTION [INSTANCE]: what score says in its line NAME.
total() { timetable score "${3:-$toy}" "$2" | awk -v name="$1" '$1 == name { print $2 }'; }

# says TEXT FILE: the file has a line with this text.
says() { grep -qF -- "$1" "$2" || { say "\"$1\" is not in:"; cat "$2"; return 1; } >&2; }

solves_an_instance() {
  exits 0 timetable solve "$toy" --seconds 1 --seed 1 -o toy.sol
  [ "$(wc -l <toy.sol)" = 16 ]
  [ "$(total violations toy.sol)" = 0 ]
  [ "$(total cost toy.sol)" = "$(awk '$1 == "cost" { print $2 }' out | tail -1)" ]
}

gives_the_same_for_the_same_seed() {
  local copy
  for copy in first second; do exits 0 timetable solve "$comp" --iterations 30000 --seed 5 --quiet -o "$copy.sol"; done
  cmp first.sol second.sol
  [ ! -s err ]
}

writes_to_standard_output() {
  exits 0 timetable solve "$toy" --iterations 20000 --quiet -o -
  cp out piped.sol
  [ "$(total violations piped.sol)" = 0 ]
}

reads_what_editors_make_of_files() {
  sed 's/ /\t/; s/$/\r/' "$toy" >windows.ctt
  sed 's/ /\t/g; s/$/\r/' toy.sol >windows.sol
  exits 0 timetable score windows.ctt windows.sol
}

explains_what_it_counts() {
  head -n 15 toy.sol >short.sol
  exits 1 timetable score "$toy" short.sol --explain
  says "$(awk 'END { print $1 }' toy.sol) has " out
  [ "$(total lectures short.sol)" = 1 ]
}

# The costs of a timetable that was improved again and again.
never_makes_it_worse() {
  local before after round
  exits 0 timetable solve "$comp" --iterations 2000 --seed 9 --quiet -o better.sol
  before=$(total cost better.sol "$comp")
  for round in 1 2 3; do
    exits 0 timetable improve "$comp" better.sol --iterations 20000 --seed "$round" --quiet -o better.sol
    [ "$(total violations better.sol "$comp")" = 0 ]
    after=$(total cost better.sol "$comp")
    [ "$after" -le "$before" ]
    before=$after
  done
}

# Lectures of SOLUTION in the ROOM on the DAY.
lectures_in() { awk -v room="$2" -v day="$3" '$2 == room && $3 == day' "$1" | wc -l; }

# Lectures of one file that are not in the other.
changes_between() { comm -23 <(sort "$1") <(sort "$2") | wc -l; }

# The room of most lectures on the first day is lost.
replans_within_the_cap() {
  local room hit
  exits 0 timetable solve "$comp" --iterations 200000 --seed 2 --quiet -o published.sol
  room=$(awk '$3 == 0 { print $2 }' published.sol | sort | uniq -c | sort -n | awk '{ print $2 }' | head -1)
  hit=$(lectures_in published.sol "$room" 0)
  [ "$hit" -gt 0 ]
  exits 0 timetable replan "$comp" published.sol --close-room "$room@0" --max-changes $((hit + 4)) --seconds 5 --quiet -o replanned.sol
  [ "$(lectures_in replanned.sol "$room" 0)" = 0 ]
  [ "$(total violations replanned.sol "$comp")" = 0 ]
  [ "$(changes_between published.sol replanned.sol)" -le $((hit + 4)) ]
  says "changes     cost" out
  [ "$(grep -c -- ' -> ' out)" = "$(changes_between published.sol replanned.sol)" ]
}

# Some teacher with a lecture on the last day is away on it.
moves_an_ill_teachers_lectures() {
  local course teacher
  course=$(awk '$3 == 4 { print $1; exit }' published.sol)
  teacher=$(awk -v course="$course" 'NF == 5 && $1 == course { print $2 }' "$comp")
  exits 0 timetable replan "$comp" published.sol --teacher-ill "$teacher@4" --max-changes 40 --seconds 5 --quiet -o ill.sol
  [ "$(total violations ill.sol "$comp")" = 0 ]
  [ "$(awk -v course="$course" '$1 == course && $3 == 4' published.sol | wc -l)" -gt 0 ]
  [ "$(awk -v course="$course" '$1 == course && $3 == 4' ill.sol | wc -l)" = 0 ]
}

# lecture_of SOLUTION N: the N-th of its lectures, as COURSE@DAY/PERIOD.
lecture_of() { awk -v line="$2" 'NR == line { print $1 "@" $3 "/" $4 }' "$1"; }

# sum_of_costs FILE: of the lines of a table before the last, which is its total.
sum_of_costs() { awk '$1 != "cost" { sum += $NF } END { print sum + 0 }' "$1"; }

tells_what_lectures_cost() {
  exits 0 timetable solve "$comp" --iterations 3000 --seed 4 --quiet -o dear.sol
  exits 0 timetable why "$comp" dear.sol
  [ "$(sum_of_costs out)" = "$(total cost dear.sol "$comp")" ]
  local dearest
  dearest=$(awk '/@/ { print $1; exit }' out)
  exits 0 timetable why "$comp" dear.sol --lecture "$dearest"
  says "${dearest%@*}" out
  exits 2 timetable why "$comp" dear.sol --lecture nobody@0/0
  says '--lecture: found "nobody@0/0", expected a lecture of the timetable.' err
}

# The best suggestion, done by hand, gives the cost that was promised; so why-not says the same.
suggests_what_holds() {
  local lecture promised place
  lecture=$(lecture_of dear.sol 1)
  exits 0 timetable suggest "$comp" dear.sol --lecture "$lecture" --count 500
  grep -v -e ';' -e '^   cost$' out | head -1 >best
  promised=$(awk '{ print $1 }' best)
  place=$(sed -E 's#.*-> day ([0-9]+), period ([0-9]+) in ([^ ]+).*#\3@\1/\2#' best)
  exits 0 timetable why-not "$comp" dear.sol --lecture "$lecture" --to "$place"
  [ "$(awk '$1 == "cost" { print $2 }' out)" = "$promised" ]
  awk -v place="$place" 'NR == 1 { split(place, at, /[@\/]/); print $1, at[1], at[2], at[3]; next } { print }' dear.sol >moved.sol
  exits 0 timetable diff "$comp" dear.sol moved.sol
  [ "$(awk '$1 == "changes" { print $2 }' out)" = 1 ]
  [ "$(awk '$1 == "cost" { print $4 }' out)" = "$promised" ]
}

tells_what_is_in_the_way() {
  local first second
  first=$(lecture_of dear.sol 1)
  second=$(awk 'NR == 2 { print $2 "@" $3 "/" $4 }' dear.sol)
  exits 1 timetable why-not "$comp" dear.sol --lecture "$first" --to "$second"
  says 'impossible: ' out
  exits 1 timetable suggest "$toy" short.sol --lecture "$(lecture_of short.sol 1)"
  says 'short.sol has 1 violations' err
}

keeps_the_best_when_interrupted() {
  # Not the function: the signal is for the command, not for a shell around it.
  "$binaries/klynge-timetable" solve "$comp" --seconds 100 -o kept.sol >out 2>err &
  local process=$!
  until grep -q '^cost' err; do kill -0 $process && sleep 0.1; done
  kill -INT $process
  wait $process
  [ "$(total violations kept.sol "$comp")" = 0 ]
}

# refuses FILE MESSAGE: with exit code 2, the file's name and its line, and without touching the output.
refuses() {
  echo untouched >kept_output
  exits 2 timetable solve "$1" --seconds 1 -o kept_output
  says "klynge-timetable: $1: $2" err
  [ "$(cat kept_output)" = untouched ]
}

refuses_malformed_files() {
  sed 's/^ArcTec Indaco 3/ArcTec Indaco -3/' "$toy" >negative.ctt
  refuses negative.ctt 'line 11: found "-3"'
  head -n 20 "$toy" >cut.ctt
  refuses cut.ctt 'line 20: found the end of the file'
  sed 's/^Courses: 4/Courses: 999999999/' "$toy" >huge.ctt
  refuses huge.ctt 'line 2: found "999999999"'
  refuses none.ctt 'cannot be read'
  sed '3s/.*/TecCos C 0 0/' toy.sol >unknown.sol
  exits 2 timetable score "$toy" unknown.sol
  says 'unknown.sol: line 3: found "C"' err
}

tells_how_it_is_used() {
  exits 0 timetable --help
  says 'Exit codes:' out
  exits 2 timetable
  exits 2 timetable solve "$toy" --seconds soon -o x.sol
  says '--seconds: found "soon"' err
  exits 2 timetable solve "$toy" --seconds 1 -o nowhere/x.sol
  says 'nowhere/x.sol: cannot be written' err
}

it "solves an instance, and score agrees" solves_an_instance
it "gives the same timetable for the same seed and steps" gives_the_same_for_the_same_seed
it "writes to standard output" writes_to_standard_output
it "reads CRLF and tabs" reads_what_editors_make_of_files
it "explains what it counts" explains_what_it_counts
it "never makes a timetable worse" never_makes_it_worse
it "replans within the cap and says what changed" replans_within_the_cap
it "lets an ill teacher's lectures be on other days" moves_an_ill_teachers_lectures
it "tells what lectures cost" tells_what_lectures_cost
it "suggests places that cost what it says" suggests_what_holds
it "tells what is in the way of a place" tells_what_is_in_the_way
it "keeps the best so far when it is interrupted" keeps_the_best_when_interrupted
it "refuses malformed files with their line" refuses_malformed_files
it "tells how it is used" tells_how_it_is_used
