#include "services/observations/subject.h"

#include <algorithm>

namespace klynge::observations {
namespace {

using Item = Instrument::Item;

bool Contains(const std::vector<std::string>& list, const std::string& value) {
  return list.empty() || std::find(list.begin(), list.end(), value) != list.end();
}

Subject SubjectOf(const Item& item, v1::AggregateSubject by) {
  Subject subject;
  if (by == v1::AGGREGATE_SUBJECT_GUIDEPOST) {
    subject.guidepost_code = item.guidepost_code;
  } else if (by == v1::AGGREGATE_SUBJECT_QUALITY_AREA) {
    subject.quality_area = item.quality_area;
  } else {
    subject.item_id = item.item_id;
  }
  subject.scale_id = item.scale_id;
  subject.favourable_from = item.favourable_from;
  return subject;
}

bool SameItem(const Item& a, const Item& b) {
  return a.scale_id == b.scale_id && a.minimum == b.minimum && a.maximum == b.maximum &&
         a.favourable_from == b.favourable_from;
}

// `other` null: every item takes part.
std::vector<Subject> Gather(const Instrument& instrument, const Instrument* other,
                            v1::AggregateSubject by, const ItemFilter& filter) {
  std::vector<Subject> subjects;
  std::vector<bool> wanted;
  for (size_t place = 0; place < instrument.items().size(); ++place) {
    const Item& item = instrument.items()[place];
    if (by == v1::AGGREGATE_SUBJECT_GUIDEPOST && item.guidepost_code.empty()) continue;
    if (other != nullptr) {
      const int twin = other->FindItem(item.item_id);
      if (twin < 0 || !SameItem(item, other->items()[twin])) continue;
    }
    const Subject own = SubjectOf(item, by);
    size_t i = 0;
    while (i < subjects.size() && !subjects[i].Matches(own)) ++i;
    if (i == subjects.size()) {
      subjects.push_back(own);
      wanted.push_back(false);
    }
    subjects[i].items.push_back(static_cast<int>(place));
    if (Contains(filter.item_ids, item.item_id) &&
        Contains(filter.guidepost_codes, item.guidepost_code)) {
      wanted[i] = true;
    }
  }
  std::vector<Subject> result;
  for (size_t i = 0; i < subjects.size(); ++i) {
    if (wanted[i]) result.push_back(std::move(subjects[i]));
  }
  return result;
}

}  // namespace

bool Subject::Matches(const Subject& other) const {
  return item_id == other.item_id && guidepost_code == other.guidepost_code &&
         quality_area == other.quality_area && scale_id == other.scale_id;
}

std::vector<Subject> SubjectsOf(const Instrument& instrument, v1::AggregateSubject by,
                                const ItemFilter& filter) {
  return Gather(instrument, nullptr, by, filter);
}

std::vector<Subject> CommonSubjects(const Instrument& instrument, const Instrument& other,
                                    v1::AggregateSubject by, const ItemFilter& filter) {
  return Gather(instrument, &other, by, filter);
}

}  // namespace klynge::observations
