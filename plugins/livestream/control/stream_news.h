#pragma once

#include <string_view>

#include "control/context.h"
#include "control/live_stream.h"

namespace sluice::livestream {

/// What the people of a room are told of its stream. Shapes: docs/protocol.md.
class StreamNews {
 public:
  /// How often everybody is told how many watch; who may stream is told each second.
  static constexpr std::chrono::seconds kSummaryInterval{5};

  /// What has been told of a stream, so that it is told again only where it differs.
  struct Told {
    json::value status{};
    json::value summary{};
    Instant summary_at{};
    std::size_t viewers = 0;
  };

  explicit StreamNews(Context& context) noexcept : context_{context} {}

  void started(Room& room, const LiveStream& stream, Told& told);
  void stopped(Room& room, const LiveStream& stream, const RoomActor& by, std::string_view reason);
  /// Tells what has changed.
  void look(Room& room, const LiveStream& stream, Told& told);

  /// `stream:started`
  [[nodiscard]] static json::object started(const LiveStream& stream);
  /// `stream:status` for who may stream, and for everybody; without a stream.
  [[nodiscard]] static json::value status(const LiveStream& stream);
  [[nodiscard]] static json::value summary(const LiveStream& stream);
  [[nodiscard]] static json::value no_stream();

 private:
  /// Those in the room who may stream, or the others.
  enum class Whom : std::uint8_t { streamers, others };
  void tell(Room& room, Whom whom, const json::value& status);

  Context& context_;
};

}  // namespace sluice::livestream
