#include "services/organisation/exported_things.h"

#include <absl/algorithm/container.h>

#include <utility>

#include "services/organisation/content.h"
#include "services/organisation/references.h"

namespace klynge::organisation {
namespace {

using Reference = std::pair<RowSort, std::string>;

// A thing; the versions of a unit are several.
struct Node {
  RowSort sort;
  std::string id;
  std::vector<Reference> references;
};

class Subtree {
 public:
  Subtree(const Tree& tree, const std::string& unit_id) : tree_(tree) {
    if (!tree.Exists(unit_id)) return;
    ReadThings();
    AddUnits(unit_id);
    AddWhatBelongsToUnits();
    AddWhatBelongsToPersons();
    AddWhatIsReferredTo();
  }

  std::map<RowSort, Ids> TakeIds() { return std::move(ids_); }

 private:
  void ReadThings() {
    for (RowSort sort : RowSorts()) {
      ForEachRow(tree_, sort, [&](const v1::ImportOrganisationRequest& row) {
        const google::protobuf::Message& content = row.GetReflection()->GetMessage(row, sort);
        Node node{sort, IdOfRow(sort, content), {}};
        references_.ForEach(sort, content, [&](RowSort to, const std::string& id) {
          node.references.emplace_back(to, id);
        });
        things_.push_back(std::move(node));
        return true;
      });
    }
  }

  static std::string IdOfRow(RowSort sort, const google::protobuf::Message& content) {
    const auto* field = sort->message_type()->FindFieldByName(IdFieldOf(sort));
    return content.GetReflection()->GetString(content, field);
  }

  bool Has(const Reference& reference) {
    auto ids = ids_.find(reference.first);
    return ids != ids_.end() && ids->second.contains(reference.second);
  }

  void AddUnits(const std::string& unit_id) {
    Ids& units = ids_[unit_];
    std::vector<std::string> next = {unit_id};
    while (!next.empty()) {
      const std::string id = std::move(next.back());
      next.pop_back();
      if (!units.insert(id).second) continue;
      for (const UnitVersion* child : tree_.ChildrenEver(id)) next.push_back(child->unit_id);
    }
  }

  // What names a unit belongs to it; what names none, but a body or a position, belongs to that.
  void AddWhatBelongsToUnits() {
    for (bool more = true; more;) {
      more = false;
      for (const Node& node : things_) {
        if (node.sort == unit_ || node.sort == person_ || Has({node.sort, node.id})) continue;
        const bool names_unit =
            absl::c_any_of(node.references, [&](const Reference& to) { return to.first == unit_; });
        const bool belongs = absl::c_any_of(node.references, [&](const Reference& to) {
          return Has(to) && (to.first == unit_ || !names_unit);
        });
        if (belongs) more = ids_[node.sort].insert(node.id).second;
      }
    }
  }

  // What names nothing but persons and entries of catalogues, as an employment, belongs to the
  // first it names.
  void AddWhatBelongsToPersons() {
    std::map<RowSort, Ids> named;
    for (const Node& node : things_) {
      if (node.sort == unit_ || !Has({node.sort, node.id})) continue;
      for (const auto& [sort, id] : node.references) named[sort].insert(id);
    }
    for (const Node& node : things_) {
      if (node.references.empty()) continue;
      const bool of_nobody_else = absl::c_none_of(
          node.references, [&](const Reference& to) { return references_.AreIn(to.first); });
      const auto& [sort, id] = node.references.front();
      if (of_nobody_else && named[sort].contains(id)) ids_[node.sort].insert(node.id);
    }
  }

  void AddWhatIsReferredTo() {
    std::map<Reference, std::vector<const Node*>> by_id;
    std::vector<const Node*> next;
    for (const Node& node : things_) {
      by_id[{node.sort, node.id}].push_back(&node);
      if (Has({node.sort, node.id})) next.push_back(&node);
    }
    while (!next.empty()) {
      const Node* node = next.back();
      next.pop_back();
      for (const auto& reference : node->references) {
        if (!ids_[reference.first].insert(reference.second).second) continue;
        const std::vector<const Node*>& referred = by_id[reference];
        next.insert(next.end(), referred.begin(), referred.end());
      }
    }
  }

  const Tree& tree_;
  const RowSort unit_ = FindRowSort("unit");
  const RowSort person_ = FindRowSort("person");
  References references_;
  std::vector<Node> things_;
  std::map<RowSort, Ids> ids_;
};

}  // namespace

void ForEachRow(const Tree& tree, RowSort sort,
                absl::FunctionRef<bool(const v1::ImportOrganisationRequest&)> visit) {
  ForEachSort([&](auto each) {
    using Thing = typename decltype(each)::Type;
    if (sort->name() != Kept<Thing>::kWord) return;
    for (const Thing& thing : ListOf<Thing>(tree.organisation())) {
      v1::ImportOrganisationRequest row;
      SetContent(thing, &row);
      if (!visit(row)) return;
    }
  });
}

std::map<RowSort, Ids> ThingsOfSubtree(const Tree& tree, const std::string& unit_id) {
  return Subtree(tree, unit_id).TakeIds();
}

}  // namespace klynge::organisation
