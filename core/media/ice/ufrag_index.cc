#include "core/media/ice/ufrag_index.h"

#include "core/media/ice/ice_credentials.h"
#include "core/media/ice/stun_message.h"

namespace sluice {
namespace {

constexpr std::uint16_t kUsername = 0x0006;  // RFC 8489 section 18.3.1

}  // namespace

std::string_view peek_local_ufrag(Bytes datagram) noexcept {
  if (datagram.size() > kMaxStunMessageSize) return {};
  ByteReader in{datagram};
  in.skip(kStunHeaderSize);
  for (std::size_t count = 0; count < kMaxStunAttributes && in.remaining() > 0; ++count) {
    const auto type = in.u16();
    const auto length = in.u16();
    const Bytes value = in.bytes(length);
    in.skip((4 - length % 4) % 4);
    if (in.failed()) return {};
    if (type != kUsername) continue;

    const std::string_view username{reinterpret_cast<const char*>(value.data()), value.size()};
    const std::size_t colon = username.find(':');
    const std::string_view ufrag = username.substr(0, colon);
    return colon != std::string_view::npos && is_valid_ufrag(ufrag) ? ufrag : std::string_view{};
  }
  return {};
}

}  // namespace sluice
