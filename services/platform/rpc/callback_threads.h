// Keeps the threads that run gRPC's callbacks until the process ends.
#pragma once

namespace klynge::rpc {

// gRPC 1.51 stops these threads when the last server or channel that used them is destroyed, and
// now and then one of them aborts the process while it ends (grpc/grpc issue 40213 looks like it).
// Called by whatever uses callbacks, before it does; the first call takes a millisecond, all others
// nothing.
void KeepCallbackThreads();

}  // namespace klynge::rpc
