// Ids that rows give as codes of other registers: "institution_number:4711" in place of a unit's
// id.
#pragma once

#include <absl/container/flat_hash_set.h>
#include <absl/strings/string_view.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "services/organisation/client/tree.h"
#include "services/organisation/references.h"
#include "services/organisation/row_file.h"

namespace klynge::organisation {

// Knows the codes that are stored, with those of an import's rows laid over them. What it is made
// of must outlive it. Not thread-safe.
class ExternalIds {
 public:
  ExternalIds(const Tree& stored, const std::vector<ReceivedRow>& rows)
      : stored_(stored), rows_(rows) {}

  // Puts the ids for the codes in the row: in references, and in the id of the row itself where
  // such things have codes. A code that several had is that of the one who has it on the row's
  // first day. The problems are of codes that nobody, or more than one, has.
  std::vector<Problem> Resolve(v1::ImportOrganisationRequest& message);

 private:
  struct Holder {
    std::string id;
    DateRange valid;
  };
  using Key = std::pair<std::string, std::string>;  // register and code

  void Change(RowSort own, RowSort referred, const std::string& field, std::string& value,
              const google::protobuf::Message& row, std::vector<Problem>& problems);
  std::vector<Holder> HoldersOf(RowSort sort, absl::string_view register_name,
                                absl::string_view code);
  void ReadRows();

  const Tree& stored_;
  const std::vector<ReceivedRow>& rows_;
  References references_;
  bool read_ = false;
  std::map<Key, std::vector<v1::Code>> brought_;  // by rows
  absl::flat_hash_set<std::string> brought_ids_;  // of codes
};

}  // namespace klynge::organisation
