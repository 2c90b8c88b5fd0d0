// Indexes of something that never changes, each made when it is first asked for: who does not ask
// does not pay.
#pragma once

#include <absl/base/call_once.h>

#include <map>
#include <memory>
#include <typeindex>

#include "services/platform/mutex.h"

namespace klynge::organisation {

// Thread-safe. What waits for an index to be made is only who asks for that one.
class LazyIndexes {
 public:
  // The index of that type, made as Index(of) unless it is there already. Lives as long as this.
  template <class Index, class Indexed>
  const Index& Get(const Indexed& of) const {
    Slot* slot = nullptr;
    {
      MutexLock lock(&mutex_);
      std::unique_ptr<Slot>& place = slots_[std::type_index(typeid(Index))];
      if (place == nullptr) place = std::make_unique<Slot>();
      slot = place.get();
    }
    absl::call_once(slot->once, [&] { slot->index = std::make_shared<const Index>(of); });
    return *static_cast<const Index*>(slot->index.get());
  }

 private:
  struct Slot {
    absl::once_flag once;
    std::shared_ptr<const void> index;
  };
  mutable Mutex mutex_;
  mutable std::map<std::type_index, std::unique_ptr<Slot>> slots_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace klynge::organisation
