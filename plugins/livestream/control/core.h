#pragma once

#include <memory>

#include "control/context.h"
#include "control/control.h"
#include "control/meeting_part.h"
#include "control/room_watch.h"
#include "control/streams.h"

namespace sluice::livestream {

/// All parts of the plugin, and who tells whom.
class Core {
 public:
  Core(Host& host, const Options& options, StreamParts parts);

  /// Blocks; see Plugin::start.
  void start();
  void reconfigure(const Options& options) { context_.options = options; }
  void drain() { streams_.drain(); }
  [[nodiscard]] bool drained() const noexcept { return streams_.busy() == 0; }
  void stop();

 private:
  Context context_;
  Streams streams_{context_};
  Control control_{context_, streams_};
  RoomWatch room_watch_{context_, streams_};
  std::unique_ptr<MeetingPart> meeting_part_;
};

}  // namespace sluice::livestream
