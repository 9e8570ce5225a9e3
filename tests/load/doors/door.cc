#include "tests/load/doors/door.h"

#include <stdexcept>

namespace sluice::load {

// SplitMix64.
std::uint64_t Identities::number() noexcept {
  state_ += 0x9e3779b97f4a7c15;
  std::uint64_t z = state_;
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
  z = (z ^ z >> 27) * 0x94d049bb133111eb;
  return z ^ z >> 31;
}

std::string Identities::text(std::size_t size) {
  static constexpr std::string_view kIceChars = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  while (out.size() < size) out += kIceChars[number() % kIceChars.size()];
  return out;
}

std::unique_ptr<Door> make_door(DoorKind kind, const DoorServices& services) {
  switch (kind) {
    case DoorKind::web_socket:
      return make_web_socket_door(services);
    case DoorKind::janus:
      return make_janus_door(services);
    case DoorKind::whip_whep:
      return make_whip_door(services);
  }
  throw std::logic_error{"a door without a name"};
}

IceCredentials Identities::credentials() { return {.ufrag = text(8), .pwd = text(24)}; }

}  // namespace sluice::load
