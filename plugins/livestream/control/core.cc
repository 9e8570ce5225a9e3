#include "control/core.h"

#include <filesystem>
#include <utility>

#include "control/admin_routes.h"
#include "control/hls_routes.h"
#include "control/routes.h"
#include "sluice/log.h"
#include "sluice/services.h"

namespace sluice::livestream {

namespace {

/// What streams of a gateway that was killed have left. Nothing else: the folder may be an operator's mistake.
void empty_folder(Host& host, const std::string& folder) {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator{folder, error}) {
    std::error_code ignored;
    if (!entry.path().filename().string().starts_with(kStreamFolder)) continue;
    std::filesystem::remove_all(entry.path(), ignored);
  }
  std::filesystem::create_directories(folder, error);
  if (error) host.log().warning("the folder of HLS cannot be made", {{"folder", folder}, {"error", error.message()}});
}

}  // namespace

Core::Core(Host& host, const Options& options, StreamParts parts)
    : context_{.host = host,
               .options = options,
               .rooms = *host.services().require<Rooms>(),
               .meetings = host.services().find<Meetings>(),
               .parts = std::move(parts),
               .metrics = StreamMetrics{host.metrics()}} {}

void Core::start() {
  if (context_.options.hls.enabled) empty_folder(context_.host, context_.options.hls.folder);
  answer_events(context_, control_);
  serve_room_routes(context_, control_);
  serve_hls_routes(context_, streams_);
  serve_admin_routes(context_, streams_);
  meeting_part_ = std::make_unique<MeetingPart>(context_, control_);
  context_.host.services().provide<Livestream>(streams_);
  room_watch_.listen();
}

void Core::stop() {
  meeting_part_.reset();
  streams_.stop_all();
}

}  // namespace sluice::livestream
