// Looking up lists by a key that may have none.
#pragma once

#include <absl/strings/string_view.h>

namespace klynge::organisation {

// The list under the key, or an empty one that lives for ever.
template <class Lists>
const typename Lists::mapped_type& ListOrNone(const Lists& lists, absl::string_view key) {
  static const auto* const none = new typename Lists::mapped_type;
  const auto found = lists.find(key);
  return found == lists.end() ? *none : found->second;
}

}  // namespace klynge::organisation
