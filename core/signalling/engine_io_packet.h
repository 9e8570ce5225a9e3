#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "sluice/result.h"

/// Engine.IO protocol, revision 4: https://github.com/socketio/engine.io-protocol
namespace sluice {

/// The first character of a packet, "0" to "6".
enum class EngineIoType : std::uint8_t { open, close, ping, pong, message, upgrade, noop };

/// One packet; `data` points into the text that was parsed.
///
///     "4hello"  ->  | type '4' | data "hello" |
struct EngineIoPacket {
  EngineIoType type = EngineIoType::noop;
  std::string_view data;

  friend bool operator==(const EngineIoPacket&, const EngineIoPacket&) = default;
};

enum class EngineIoError : std::uint8_t {
  empty,
  unknown_type,
  binary,           ///< "b" and base64 in a payload: Sluice's events carry JSON alone
  too_many_packets  ///< more than kMaxPayloadPackets in one payload
};

[[nodiscard]] Result<EngineIoPacket, EngineIoError> parse_engine_io_packet(std::string_view text) noexcept;

/// Packets of one polling payload stand side by side: "4a\x1e4b\x1e2".
inline constexpr char kEngineIoSeparator = '\x1e';
inline constexpr std::size_t kMaxPayloadPackets = 4096;

/// Walks the packets of a polling payload without copying.
class EngineIoPayloadReader {
 public:
  explicit EngineIoPayloadReader(std::string_view payload) noexcept : rest_{payload} {}

  /// nullopt after the last packet. An empty payload holds one empty packet, which is an error.
  [[nodiscard]] std::optional<Result<EngineIoPacket, EngineIoError>> next() noexcept;

 private:
  std::string_view rest_;
  std::size_t count_ = 0;
  bool done_ = false;
};

}  // namespace sluice
