#pragma once

#include <cstdint>

namespace sluice::load {

/// Which signalling a server is driven by.
enum class DoorKind : std::uint8_t { web_socket, whip_whep, janus };

}  // namespace sluice::load
