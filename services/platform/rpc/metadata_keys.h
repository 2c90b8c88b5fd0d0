// What calls carry in their metadata, from a client to a service and on to the next one.
#pragma once

namespace klynge::rpc {

// W3C trace context, https://www.w3.org/TR/trace-context/
inline constexpr char kTraceparent[] = "traceparent";
// Whatever the first caller wants to find the call by again: up to 128 visible ASCII characters.
inline constexpr char kRequestId[] = "x-request-id";
// For whom a service asks: the SPIFFE URI of the first caller. Believed of services only.
inline constexpr char kOnBehalfOf[] = "klynge-caller";

}  // namespace klynge::rpc
