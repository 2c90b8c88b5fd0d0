// Which program this is, so that programs of two releases do not take each other's answers.
#pragma once

#include <string>

namespace klynge::shared_state {

// The build id that the linker wrote into this program, in hex: the same for the same build
// wherever it runs. A random one for each process when the program has none. Thread-safe.
const std::string& BuildId();

}  // namespace klynge::shared_state
