#include <map>

#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include "klynge/observations/v1/observations_service.grpc.pb.h"
#include "services/courses/peer_call.h"
#include "services/courses/peers.h"

namespace klynge::courses {
namespace {

namespace ov1 = observations::v1;
using Stub = ov1::ObservationsService::Stub;
using Ask = Asker<ov1::ObservationsService>;

// The last round before an improvement, and the last one after it with the same instrument.
struct Rounds {
  absl::optional<ov1::Round> before;
  absl::optional<ov1::Round> after;
  int64_t revision = 0;  // at which they were read
};

absl::StatusOr<Rounds> FindRounds(const Ask& ask) {
  const Question& question = ask.question();
  ov1::ListRoundsRequest request;
  request.set_unit_id(question.unit_ids.at(0));
  request.set_tree_as_of(question.as_of);
  request.set_min_organisation_revision(question.fresh.organisation);
  request.set_state(ov1::ROUND_STATE_CLOSED);
  request.set_page_size(500);
  request.set_min_revision(question.fresh.observations);
  ov1::ListRoundsResponse response;
  KLYNGE_RETURN_IF_ERROR(ask(&Stub::async::ListRounds, request, &response));
  Rounds rounds;
  rounds.revision = response.revision();
  for (const auto& round : response.rounds()) {  // oldest first
    if (round.closes_on() > question.as_of) continue;
    if (round.purpose() == ov1::ROUND_PURPOSE_BEFORE) {
      rounds.before = round;
      rounds.after.reset();
    }
    if (round.purpose() == ov1::ROUND_PURPOSE_AFTER && rounds.before &&
        rounds.before->instrument_id() == round.instrument_id()) {
      rounds.after = round;
    }
  }
  return rounds;
}

ov1::AggregateSubject SubjectOf(Subject subject) {
  return subject == Subject::kItem ? ov1::AGGREGATE_SUBJECT_ITEM
                                   : ov1::AGGREGATE_SUBJECT_QUALITY_AREA;
}

// Item or quality area → label, scale → label.
struct Labels {
  std::map<std::string, std::string> subjects;
  std::map<std::string, std::string> scales;
};

absl::StatusOr<Labels> FetchLabels(const Ask& ask, const Rounds& rounds) {
  const Wording& say = ask.question().say;
  ov1::GetInstrumentRequest request;
  request.set_instrument_id(rounds.before->instrument_id());
  request.set_version(rounds.before->instrument_version());
  request.set_min_revision(rounds.revision);
  ov1::GetInstrumentResponse response;
  KLYNGE_RETURN_IF_ERROR(ask(&Stub::async::GetInstrument, request, &response));
  Labels labels;
  for (const auto& item : response.instrument().items()) {
    labels.subjects[item.item_id()] = say.Plain(item.text());
  }
  for (const auto& area : response.instrument().quality_areas()) {
    labels.subjects[area.code()] = say.Plain(area.label());
  }
  for (const auto& scale : response.instrument().scales()) {
    labels.scales[scale.scale_id()] = say.Plain(scale.label());
  }
  return labels;
}

template <class Row>
v1::BeforeAfter Describe(const Row& row, const Rounds& rounds, const Labels& labels) {
  v1::BeforeAfter described;
  described.set_unit_id(row.unit_id());
  described.set_subject_id(row.item_id().empty() ? row.quality_area() : row.item_id());
  described.set_scale_id(row.scale_id());
  auto subject = labels.subjects.find(described.subject_id());
  auto scale = labels.scales.find(row.scale_id());
  described.set_label(
      absl::StrCat(subject == labels.subjects.end() ? described.subject_id() : subject->second,
                   " (", scale == labels.scales.end() ? row.scale_id() : scale->second, ")"));
  described.set_before_round_id(rounds.before->round_id());
  if (rounds.after) described.set_after_round_id(rounds.after->round_id());
  return described;
}

bool IsSuppressed(const ov1::Figure& figure) {
  return figure.suppression() == ov1::SUPPRESSION_SMALL_GROUP ||
         figure.suppression() == ov1::SUPPRESSION_OTHER_TREE;
}

bool HasMean(const ov1::Figure& figure) {
  return figure.suppression() == ov1::SUPPRESSION_NONE && figure.n() > 0;
}

absl::StatusOr<std::vector<v1::BeforeAfter>> Compare(const Ask& ask, const Rounds& rounds,
                                                     const Labels& labels, Subject subject) {
  ov1::CompareRoundsRequest request;
  request.set_before_round_id(rounds.before->round_id());
  request.set_after_round_id(rounds.after->round_id());
  for (const auto& unit : ask.question().unit_ids) request.add_unit_ids(unit);
  request.set_level(ov1::AGGREGATE_LEVEL_SCOPE);
  // Like with like, whatever was merged or moved between the rounds: the units of the day.
  request.set_tree_as_of(ask.question().as_of);
  request.set_min_organisation_revision(ask.question().fresh.organisation);
  request.set_subject(SubjectOf(subject));
  request.set_page_size(5000);
  request.set_min_revision(rounds.revision);
  ov1::CompareRoundsResponse response;
  KLYNGE_RETURN_IF_ERROR(ask(&Stub::async::CompareRounds, request, &response));
  std::vector<v1::BeforeAfter> rows;
  for (const auto& comparison : response.comparisons()) {
    v1::BeforeAfter row = Describe(comparison, rounds, labels);
    if (HasMean(comparison.before())) row.set_mean_before(comparison.before().mean());
    if (HasMean(comparison.after())) row.set_mean_after(comparison.after().mean());
    if (comparison.comparable()) row.set_standard_error(comparison.standard_error());
    row.set_suppressed(IsSuppressed(comparison.before()) || IsSuppressed(comparison.after()));
    rows.push_back(std::move(row));
  }
  return rows;
}

absl::StatusOr<std::vector<v1::BeforeAfter>> OnlyBefore(const Ask& ask, const Rounds& rounds,
                                                        const Labels& labels, Subject subject) {
  ov1::QueryAggregatesRequest request;
  request.add_round_ids(rounds.before->round_id());
  for (const auto& unit : ask.question().unit_ids) request.add_unit_ids(unit);
  request.set_level(ov1::AGGREGATE_LEVEL_SCOPE);
  request.set_tree_as_of(ask.question().as_of);
  request.set_min_organisation_revision(ask.question().fresh.organisation);
  request.set_subject(SubjectOf(subject));
  request.set_page_size(5000);
  request.set_min_revision(rounds.revision);
  ov1::QueryAggregatesResponse response;
  KLYNGE_RETURN_IF_ERROR(ask(&Stub::async::QueryAggregates, request, &response));
  std::vector<v1::BeforeAfter> rows;
  for (const auto& aggregate : response.aggregates()) {
    v1::BeforeAfter row = Describe(aggregate, rounds, labels);
    if (HasMean(aggregate.figure())) row.set_mean_before(aggregate.figure().mean());
    row.set_suppressed(IsSuppressed(aggregate.figure()));
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace

absl::StatusOr<std::vector<v1::BeforeAfter>> AskObservations(rpc::Peer& observations,
                                                             const Question& question,
                                                             Subject subject) {
  const Ask ask(observations, question);
  KLYNGE_ASSIGN_OR_RETURN(const Rounds rounds, FindRounds(ask));
  if (!rounds.before) return std::vector<v1::BeforeAfter>();
  KLYNGE_ASSIGN_OR_RETURN(const Labels labels, FetchLabels(ask, rounds));
  if (rounds.after) return Compare(ask, rounds, labels, subject);
  return OnlyBefore(ask, rounds, labels, subject);
}

}  // namespace klynge::courses
