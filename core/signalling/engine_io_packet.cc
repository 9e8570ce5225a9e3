#include "core/signalling/engine_io_packet.h"

namespace sluice {

Result<EngineIoPacket, EngineIoError> parse_engine_io_packet(std::string_view text) noexcept {
  if (text.empty()) return EngineIoError::empty;
  const char type = text.front();
  if (type == 'b') return EngineIoError::binary;
  if (type < '0' || type > '6') return EngineIoError::unknown_type;
  return EngineIoPacket{.type = static_cast<EngineIoType>(type - '0'), .data = text.substr(1)};
}

std::optional<Result<EngineIoPacket, EngineIoError>> EngineIoPayloadReader::next() noexcept {
  if (done_) return std::nullopt;
  if (++count_ > kMaxPayloadPackets) {
    done_ = true;
    return EngineIoError::too_many_packets;
  }
  const std::size_t end = rest_.find(kEngineIoSeparator);
  const std::string_view packet = rest_.substr(0, end);
  done_ = end == std::string_view::npos;
  if (!done_) rest_.remove_prefix(end + 1);
  return parse_engine_io_packet(packet);
}

}  // namespace sluice
