#include "control/live_stream.h"

#include <algorithm>
#include <utility>

#include "sluice/log.h"
#include "sluice/utc_text.h"

namespace sluice::livestream {

namespace {

/// Other members' names in a message of the job are of a newer one, and ignored.
template <class T>
std::optional<T> read_if(const json::object& message, std::string_view name) {
  const json::value* const found = message.if_contains(name);
  return found == nullptr ? std::nullopt : std::optional{from_json<T>(*found)};
}

json::object command(std::string_view name, json::value what) {
  json::object out;
  out[name] = std::move(what);
  return out;
}

}  // namespace

LiveStream::LiveStream(Context& context, Room& room, StreamPlan plan, RoomActor by, Failed failed)
    : context_{context},
      plan_{std::move(plan)},
      by_{std::move(by)},
      failed_{std::move(failed)},
      id_{context.host.random_token()},
      room_id_{room.id()},
      tenant_{room.tenant()},
      started_at_{context.host.timers().wall_time()},
      targets_{context.metrics},
      run_{context, room, *this} {}

void LiveStream::begin() {
  for (TargetAddress& address : plan_.targets) targets_.add(std::to_string(++last_target_), std::move(address));
  plan_.targets.clear();
  if (plan_.hls) {
    const HlsSettings& hls = context_.options.hls;
    // Names of rooms are unique within a tenant only.
    if (hls.access == HlsAccess::key || !tenant_.empty()) hls_key_ = context_.host.random_token();
    hls_folder_ = hls.folder + "/" + std::string{kStreamFolder} + id_;
    channel_ = context_.parts.make_channel({.folder = hls_folder_,
                                            .segment_ms = static_cast<int>(hls.segment_ms.count()),
                                            .part_ms = static_cast<int>(hls.part_ms.count()),
                                            .dvr = hls.dvr_s,
                                            .key = hls_key_});
  }
  run_.start();
}

ProgramOrder LiveStream::next_order() {
  ++runs_;
  ProgramOrder order = order_of(context_.options, plan_);
  if (channel_) {
    order.hls_folder = hls_folder_;
    if (runs_ > 1) {
      order.hls_folder += "/run-" + std::to_string(runs_);
      channel_->job_restarted(order.hls_folder);
    }
  }
  if (plan_.record) order.recording_file = recording_file();
  return order;
}

/// `lobby-20260501T120000Z-<stream>.mp4`; those of later processes have a number. Nobody's name is in it, and ids of
/// rooms have no slashes.
std::string LiveStream::recording_file() const {
  constexpr std::size_t kToSeconds = 19;
  std::string began = utc_text(started_at_).substr(0, kToSeconds) + "Z";
  std::erase_if(began, [](char c) { return c == '-' || c == ':'; });
  const std::string run = runs_ > 1 ? "-" + std::to_string(runs_) : std::string{};
  return context_.options.recording.folder + "/" + room_id_ + "-" + began + "-" + id_ + run + ".mp4";
}

void LiveStream::began() {
  if (runs_ > 1) state_ = StreamState::starting;
  for (const Targets::Target& target : targets_.all()) send_target(target);
}

void LiveStream::send_target(const Targets::Target& target) {
  run_.send(command("target", to_json(AddTarget{.id = target.id, .url = target.address.url.reveal()})));
}

std::string LiveStream::add_target(TargetAddress address) {
  const auto most = static_cast<std::size_t>(context_.options.rtmp.max_targets);
  if (targets_.all().size() >= most) {
    throw Error{ErrorCode::limit_exceeded, "the stream has as many targets as it may have", {{"limit", most}}};
  }
  const Targets::Target& target = targets_.add(std::to_string(++last_target_), std::move(address));
  send_target(target);
  return target.id;
}

void LiveStream::remove_target(std::string_view id) {
  if (!targets_.remove(id)) throw Error{ErrorCode::not_found, "the stream has no such target"};
  run_.send(command("removeTarget", to_json(RemoveTarget{.id = std::string{id}})));
}

void LiveStream::set_layout(Layout layout) {
  plan_.layout = layout;
  run_.send(command("layout", to_json(SetLayout{.layout = layout})));
}

void LiveStream::stop() {
  if (state_ == StreamState::stopping || state_ == StreamState::stopped) return;
  count();
  state_ = StreamState::stopping;
  run_.stop();
}

void LiveStream::ended() {
  state_ = StreamState::stopped;
  stopped_at_ = context_.host.timers().now();
  if (channel_) channel_->end();
}

// The process may have gone wrong on what the network sent: what it says is checked, and once complained of.
void LiveStream::reported(const json::object& message) {
  try {
    take(message);
  } catch (const Error& error) {
    if (std::exchange(complained_, true)) return;
    context_.host.log().warning(
        "a program says what cannot be understood",
        {{"stream", id_}, {"room", room_id_}, {"error", targets_.without_secrets(error.what())}});
  }
}

void LiveStream::take(const json::object& message) {
  if (const auto file = read_if<HlsFile>(message, "hls"); file && channel_) {
    if (state_ == StreamState::starting) state_ = StreamState::live;
    channel_->add(*file);
  }
  if (const auto wanted = read_if<KeyFrameWanted>(message, "keyFrame")) run_.request_key_frame(wanted->track);
  if (const auto report = read_if<TargetReport>(message, "target")) {
    targets_.report(*report);
    if (state_ == StreamState::starting && targets_.any_live()) state_ = StreamState::live;
  }
  if (const auto figures = read_if<ProgramFigures>(message, "figures")) take_figures(*figures);
}

void LiveStream::take_figures(const ProgramFigures& figures) {
  const auto growth = [](std::int64_t before, std::int64_t now) {
    return static_cast<double>(std::max<std::int64_t>(now - before, 0));
  };
  context_.metrics.frames.add(growth(figures_.frames, figures.frames));
  context_.metrics.dropped_frames.add(growth(figures_.dropped_frames, figures.dropped_frames));
  targets_.take_figures(figures.targets);
  figures_ = figures;
  figures_.targets.clear();
  death_.clear();
}

void LiveStream::died(const std::string& why) {
  interrupted(why);
  context_.host.log().error("a program died and is started anew",
                            {{"stream", id_}, {"room", room_id_}, {"error", death_}});
}

void LiveStream::interrupted(const std::string& why) {
  death_ = targets_.without_secrets(why);
  figures_ = {};
  counted_dropped_packets_ = 0;
  targets_.interrupted();
  state_ = StreamState::restarting;
}

void LiveStream::gave_up(const std::string& why) {
  interrupted(why);
  context_.host.log().error("a program died too often", {{"stream", id_}, {"room", room_id_}, {"error", death_}});
  // Not inside of the job's end.
  failing_ = context_.host.timers().after(Duration::zero(), [this] { failed_(*this); });
}

StreamAudience LiveStream::audience() const {
  if (!channel_) return {};
  const HlsChannel::Figures figures = channel_->figures();
  return {.viewers = channel_->viewers(), .peak = figures.peak_viewers, .in_all = figures.viewers_in_all};
}

std::optional<HlsView> LiveStream::hls_view() const {
  if (!channel_) return std::nullopt;
  const std::string key = hls_key_.empty() ? std::string{} : "?key=" + hls_key_;
  return HlsView{.url = "/live/" + room_id_ + "/index.m3u8" + key, .watch_url = "/live/" + room_id_ + key};
}

StreamSummary LiveStream::summary() const {
  StreamSummary out;
  out.live = state_ != StreamState::stopping && state_ != StreamState::stopped;
  out.stream_id = id_;
  out.started_at = utc_text(started_at_);
  out.viewers = static_cast<std::int64_t>(audience().viewers);
  out.hls = hls_view();
  return out;
}

std::optional<std::string> LiveStream::problem() const {
  if (!death_.empty()) return "the program died: " + death_;
  if (!figures_.recording_problem.empty()) return "recording: " + targets_.without_secrets(figures_.recording_problem);
  if (!figures_.hls_problem.empty()) return "HLS: " + targets_.without_secrets(figures_.hls_problem);
  if (figures_.overloaded) return "the machine is too slow for this program: frames are dropped";
  return std::nullopt;
}

StreamView LiveStream::view() const {
  const StreamAudience watching = audience();
  StreamView out;
  static_cast<StreamSummary&>(out) = summary();
  out.state = state_;
  out.room_id = room_id_;
  out.title = plan_.title;
  out.layout = plan_.layout;
  out.video = plan_.video;
  out.record = plan_.record;
  if (!by_.is_gateway()) out.started_by = by_.name;
  out.peak_viewers = static_cast<std::int64_t>(watching.peak);
  out.viewers_in_all = static_cast<std::int64_t>(watching.in_all);
  out.restarts = run_.deaths();
  out.problem = problem();
  out.targets = targets_.views();
  out.program = {.frames_per_second = figures_.frames_per_second,
                 .frames = figures_.frames,
                 .dropped_frames = figures_.dropped_frames,
                 .overloaded = figures_.overloaded,
                 .passthrough = figures_.passthrough,
                 .video_bits_per_second = figures_.video_bits_per_second,
                 .audio_bits_per_second = figures_.audio_bits_per_second,
                 .sources = figures_.sources,
                 .lost_packets = figures_.lost_packets,
                 .recorded_bytes = figures_.recorded_bytes};
  return out;
}

void LiveStream::count() {
  if (channel_) {
    const std::uint64_t bytes = channel_->figures().bytes;
    context_.metrics.hls_bytes.add(static_cast<double>(bytes - counted_hls_bytes_));
    counted_hls_bytes_ = bytes;
  }
  const std::uint64_t dropped = run_.feed_figures().dropped_packets;
  if (dropped > counted_dropped_packets_) {
    context_.metrics.dropped_packets.add(static_cast<double>(dropped - counted_dropped_packets_));
    counted_dropped_packets_ = dropped;
  }
}

}  // namespace sluice::livestream
