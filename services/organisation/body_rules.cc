#include <absl/algorithm/container.h>
#include <absl/container/flat_hash_map.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include <deque>
#include <map>
#include <tuple>
#include <utility>

#include "services/organisation/body_index.h"
#include "services/organisation/rules.h"

namespace klynge::organisation {
namespace {

using Versions = std::vector<VersionInPlay>;
using Member = InPlay<BodyMembership>;

// A body with those who sit in it, as the import would leave them.
struct BodyInPlay {
  InPlay<Body> body;
  const BodyKind* kind = nullptr;
  std::vector<Member> members;
  // What rows bring in place of a membership of this body, with what that was.
  std::vector<std::pair<Member, const BodyMembership*>> replaced;
};

// Judges the bodies one by one, then the memberships, then what each body is made up of.
class BodyRules {
 public:
  explicit BodyRules(const Candidate& candidate) : candidate_(candidate) {}

  std::vector<Blame> Check() && {
    for (const InPlay<Body>& body : candidate_.bodies) CheckBody(body);
    for (const Member& member : candidate_.body_memberships) CheckMember(member);
    // What is rejected now may be what is wrong with the rest: that is judged in the next round.
    if (blames_.empty()) {
      for (const auto& [body_id, body] : bodies_) CheckComposition(body);
    }
    return std::move(blames_);
  }

 private:
  void Add(int row, v1::ErrorReason reason, std::string field, std::string description) {
    Add(row, Problem{reason, std::move(field), std::move(description)});
  }
  void Add(int row, absl::optional<Problem> problem) {
    if (problem && row != kStored) blames_.push_back({row, *std::move(problem)});
  }

  void CheckBody(const InPlay<Body>& placed) {
    const Body& body = *placed.thing;
    const BodyKind* kind = FindBodyKind(candidate_.before, body.kind);
    bodies_[body.body_id] = {placed, kind, {}, {}};
    Add(placed.row, MissingBodyKind(candidate_, body.kind));
    Add(placed.row, MissingUnit(candidate_, "body.unit_id", body.unit_id));
    const Versions* unit = candidate_.FindUnit(body.unit_id);
    if (unit != nullptr) CheckUnitLife(placed, *unit);
    if (unit != nullptr && kind != nullptr) CheckPlace(placed, *kind, *unit);
  }

  void CheckUnitLife(const InPlay<Body>& placed, const Versions& unit) {
    const Body& body = *placed.thing;
    const DateRange life = LifeOf(unit);
    if (life.Contains(body.valid)) return;
    Add(placed.row, v1::ERROR_REASON_OUTSIDE_UNIT_LIFE,
        body.valid.from < life.from ? "body.valid_from" : "body.valid_to",
        absl::StrCat("the body lasts ", Days(body.valid), ", but \"", body.unit_id, "\" only ",
                     Days(life)));
  }

  void CheckPlace(const InPlay<Body>& placed, const BodyKind& kind, const Versions& unit) {
    for (const VersionInPlay& version : unit) {
      if (!version.valid.Overlaps(placed.thing->valid)) continue;
      if (absl::c_linear_search(kind.unit_kinds, version.unit->kind)) continue;
      if (placed.row != kStored) {
        Add(placed.row, v1::ERROR_REASON_BODY_NOT_ALLOWED, "body.kind",
            absl::StrCat("\"", version.unit->unit_id, "\" is of kind ", version.unit->kind, "; a ",
                         kind.kind, " belongs to ", absl::StrJoin(kind.unit_kinds, ", ")));
        return;
      }
      Add(version.row, v1::ERROR_REASON_BODY_NOT_ALLOWED, "unit.kind",
          absl::StrCat("body \"", placed.thing->body_id, "\" of it is a ", kind.kind,
                       ", which belongs to ", absl::StrJoin(kind.unit_kinds, ", ")));
    }
  }

  void CheckMember(Member member) {
    if (!(member.valid == member.thing->valid)) {
      ended_.push_back(*member.thing);
      ended_.back().valid = member.valid;
      member.thing = &ended_.back();
    }
    const BodyMembership& held = *member.thing;
    Add(member.row, MissingPerson(candidate_, "body_membership.person_id", held.person_id));
    NoteReplaced(member);
    const auto found = bodies_.find(held.body_id);
    if (found == bodies_.end()) {
      Add(member.row, MissingBody(held.body_id));
      return;
    }
    BodyInPlay& body = found->second;
    CheckBodyLife(member, body);
    CheckRole(member, body);
    CheckOnlyOnce(member);
    body.members.push_back(member);
  }

  void NoteReplaced(const Member& member) {
    if (member.row == kStored) return;
    const BodyMembership* before =
        FindSame(candidate_.before.organisation().body_memberships, *member.thing);
    if (before == nullptr) return;
    const auto body = bodies_.find(before->body_id);
    if (body != bodies_.end()) body->second.replaced.push_back({member, before});
  }

  Problem MissingBody(const std::string& body_id) const {
    if (candidate_.IsRejected<Body>(body_id)) {
      return {v1::ERROR_REASON_DEPENDS_ON_REJECTED_ROW, "body_membership.body_id",
              absl::StrCat("\"", body_id, "\" is rejected in this import; mend its row first")};
    }
    return {v1::ERROR_REASON_BODY_NOT_FOUND, "body_membership.body_id",
            absl::StrCat("there is no body \"", body_id, "\"")};
  }

  void CheckBodyLife(const Member& member, const BodyInPlay& body) {
    const DateRange& valid = member.thing->valid;
    const DateRange& life = body.body.thing->valid;
    if (life.Contains(valid)) return;
    if (member.row != kStored) {
      Add(member.row, v1::ERROR_REASON_OUTSIDE_BODY_LIFE,
          valid.from < life.from ? "body_membership.valid_from" : "body_membership.valid_to",
          absl::StrCat("the membership lasts ", Days(valid), ", but \"", member.thing->body_id,
                       "\" only ", Days(life)));
      return;
    }
    Add(body.body.row, v1::ERROR_REASON_OUTSIDE_BODY_LIFE,
        valid.from < life.from ? "body.valid_from" : "body.valid_to",
        absl::StrCat("membership \"", member.thing->membership_id, "\" of it lasts ", Days(valid),
                     "; end it first, or in the same import"));
  }

  void CheckRole(const Member& member, const BodyInPlay& body) {
    if (body.kind == nullptr || body.kind->FindSeat(member.thing->role) != nullptr) return;
    const std::string roles =
        absl::StrJoin(body.kind->seats, ", ",
                      [](std::string* out, const BodySeat& seat) { out->append(seat.role); });
    if (member.row != kStored) {
      Add(member.row, v1::ERROR_REASON_BODY_ROLE_NOT_ALLOWED, "body_membership.role",
          absl::StrCat("\"", member.thing->role, "\" is no role of a ", body.kind->kind,
                       ", which has ", roles));
      return;
    }
    Add(body.body.row, v1::ERROR_REASON_BODY_ROLE_NOT_ALLOWED, "body.kind",
        absl::StrCat("membership \"", member.thing->membership_id, "\" of it is that of a ",
                     member.thing->role, ", and a ", body.kind->kind, " has ", roles));
  }

  // What is stored comes first, then the rows in their order: a row gives way to those before it.
  void CheckOnlyOnce(const Member& member) {
    const BodyMembership& held = *member.thing;
    auto& same = seen_[{held.body_id, held.person_id, held.role}];
    for (const BodyMembership* other : same) {
      if (!other->valid.Overlaps(held.valid)) continue;
      Add(member.row, v1::ERROR_REASON_MEMBERSHIP_OVERLAP, "body_membership.valid_from",
          absl::StrCat("\"", held.person_id, "\" is ", held.role, " of \"", held.body_id, "\" ",
                       Days(other->valid), " (membership \"", other->membership_id, "\")"));
      return;
    }
    same.push_back(&held);
  }

  void CheckComposition(const BodyInPlay& body) {
    if (body.kind == nullptr) return;
    const bool insists = absl::c_any_of(body.kind->seats, [](const BodySeat& seat) {
      return seat.refuse_too_few || seat.refuse_too_many;
    });
    if (!insists) return;
    std::vector<const BodyMembership*> members;
    for (const Member& member : body.members) members.push_back(member.thing);
    for (const CompositionGap& gap : GapsOf(*body.body.thing, *body.kind, members)) {
      if (gap.refused()) BlameGap(body, gap);
    }
  }

  // What was stored was in order, so the gap has come by a membership that counted until now, by
  // one that counts only now, or by the body itself.
  void BlameGap(const BodyInPlay& body, const CompositionGap& gap) {
    const size_t before = blames_.size();
    const Date day = gap.valid.from;
    const auto counts = [&](const BodyMembership& held) {
      return held.body_id == gap.body->body_id && held.role == gap.seat->role &&
             held.valid.Contains(day);
    };
    if (gap.problem != CompositionProblem::kTooMany) {
      for (const auto& [now, held] : body.replaced) {
        if (counts(*held) && !counts(*now.thing)) {
          Add(now.row, Broken(gap, "body_membership.valid_to"));
        }
      }
    }
    if (blames_.size() == before && gap.problem != CompositionProblem::kTooFew)
      BlameLast(body, gap);
    if (blames_.size() == before) Add(body.body.row, Broken(gap, "body.kind"));
  }

  // The last row that brings somebody who is too many.
  void BlameLast(const BodyInPlay& body, const CompositionGap& gap) {
    const bool same_role = gap.problem == CompositionProblem::kTooMany;
    for (auto member = body.members.rbegin(); member != body.members.rend(); ++member) {
      const BodyMembership& held = *member->thing;
      if (member->row == kStored || !held.valid.Contains(gap.valid.from)) continue;
      if ((held.role == gap.seat->role) != same_role) continue;
      Add(member->row, Broken(gap, "body_membership.valid_from"));
      return;
    }
  }

  static Problem Broken(const CompositionGap& gap, std::string field) {
    std::string need = absl::StrCat("at least ", gap.least);
    if (gap.problem == CompositionProblem::kTooMany)
      need = absl::StrCat("at most ", gap.seat->most);
    if (gap.problem == CompositionProblem::kNoMajority) {
      need = absl::StrCat("more than half of the members, which is ", gap.least);
    }
    return {v1::ERROR_REASON_COMPOSITION_BROKEN, std::move(field),
            absl::StrCat("\"", gap.body->body_id, "\" would have ", gap.count, " with the role ",
                         gap.seat->role, " ", Days(gap.valid), ", and a ", gap.body->kind,
                         " must have ", need)};
  }

  const Candidate& candidate_;
  // Memberships as the end of an employment leaves them.
  std::deque<BodyMembership> ended_;
  std::map<absl::string_view, BodyInPlay> bodies_;
  std::map<std::tuple<absl::string_view, absl::string_view, absl::string_view>,
           std::vector<const BodyMembership*>>
      seen_;
  std::vector<Blame> blames_;
};

}  // namespace

std::vector<Blame> CheckBodies(const Candidate& candidate) { return BodyRules(candidate).Check(); }

}  // namespace klynge::organisation
