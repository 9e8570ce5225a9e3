#include "control/streams.h"

#include <algorithm>
#include <utility>

#include "control/audit.h"
#include "sluice/bus.h"
#include "sluice/log.h"

namespace sluice::livestream {

void Streams::check_for_one_more(const Room& room) const {
  if (draining_) throw Error{ErrorCode::draining, "the gateway is about to stop"};
  if (const LiveStream* const running = find(room)) {
    throw Error{ErrorCode::conflict, "the room is being streamed already", {{"streamId", running->id()}}};
  }
  const auto most = static_cast<std::size_t>(context_.options.max_streams_at_once);
  if (busy() < most) return;
  throw Error{ErrorCode::limit_exceeded, "as many rooms are being streamed as may be", {{"limit", most}}};
}

LiveStream& Streams::start(Room& room, StreamPlan plan, const RoomActor& by) {
  check_for_one_more(room);
  auto stream = std::make_unique<LiveStream>(context_, room, std::move(plan), by,
                                             [this](LiveStream& failed) { stop(failed, {}, "program_failed"); });
  stream->begin();
  Entry& entry = *entries_.emplace_back(std::make_unique<Entry>(Entry{std::move(stream), &room}));
  LiveStream& out = *entry.stream;
  if (!ticking_) ticking_ = context_.host.timers().every(kTick, [this] { tick(); });
  context_.metrics.starts.add();
  count();
  context_.host.log().info("streaming began", {{"room", room.id()}, {"stream", out.id()}});
  audit(context_, out, by, "stream.start",
        {{"targets", out.targets().all().size()}, {"hls", out.channel() != nullptr}});
  news_.started(room, out, entry.told);
  context_.host.bus().publish(StreamStarted{room, out.id()});
  return out;
}

void Streams::stop(LiveStream& stream, const RoomActor& by, std::string_view reason) {
  Entry* const entry = entry_of(stream);
  if (entry == nullptr || entry->room == nullptr) return;
  Room& room = *std::exchange(entry->room, nullptr);
  const StreamAudience audience = stream.audience();
  stream.stop();
  context_.host.log().info("streaming ends", {{"room", room.id()}, {"stream", stream.id()}, {"reason", reason}});
  audit(context_, stream, by, "stream.stop", {{"reason", reason}});
  news_.stopped(room, stream, by, reason);
  context_.host.bus().publish(StreamStopped{
      .tenant = stream.tenant(), .room_id = stream.room_id(), .stream_id = stream.id(), .audience = audience});
  count();
}

std::string Streams::add_target(LiveStream& stream, TargetAddress address, const RoomActor& by) {
  const std::string server = address.shown;
  std::string id = stream.add_target(std::move(address));
  audit(context_, stream, by, "stream.target_add", {{"targetId", id}, {"server", server}});
  return id;
}

void Streams::remove_target(LiveStream& stream, std::string_view target_id, const RoomActor& by) {
  stream.remove_target(target_id);
  audit(context_, stream, by, "stream.target_remove", {{"targetId", target_id}});
}

void Streams::set_layout(LiveStream& stream, Layout layout, const RoomActor& by) {
  stream.set_layout(layout);
  audit(context_, stream, by, "stream.layout", {{"layout", to_json(layout)}});
}

LiveStream* Streams::find(const Room& room) const noexcept {
  const auto found = std::ranges::find(entries_, &room, [](const auto& one) -> const Room* { return one->room; });
  return found == entries_.end() ? nullptr : (*found)->stream.get();
}

LiveStream* Streams::find(std::string_view stream_id) const noexcept {
  const auto found =
      std::ranges::find(entries_, stream_id, [](const auto& one) -> std::string_view { return one->stream->id(); });
  return found == entries_.end() ? nullptr : (*found)->stream.get();
}

LiveStream& Streams::demand(const Room& room) const {
  if (LiveStream* const found = find(room)) return *found;
  throw Error{ErrorCode::conflict, "the room is not being streamed"};
}

// The newest first: one that has ended makes way for its successor.
LiveStream* Streams::watched(std::string_view tenant, std::string_view room_id, std::string_view key) const noexcept {
  LiveStream* out = nullptr;
  for (auto one = entries_.rbegin(); one != entries_.rend(); ++one) {
    LiveStream& stream = *(*one)->stream;
    if (stream.room_id() != room_id || stream.channel() == nullptr) continue;
    if (!key.empty() && Secret{stream.hls_key()}.matches(key)) return &stream;
    if (out == nullptr && stream.tenant() == tenant) out = &stream;
  }
  return out;
}

std::vector<LiveStream*> Streams::all() const {
  std::vector<LiveStream*> out;
  for (const auto& entry : entries_) out.push_back(entry->stream.get());
  return out;
}

std::size_t Streams::busy() const noexcept {
  return static_cast<std::size_t>(
      std::ranges::count_if(entries_, [](const auto& one) { return !one->stream->stopped_at(); }));
}

Streams::Entry* Streams::entry_of(const LiveStream& stream) noexcept {
  const auto found = std::ranges::find(entries_, &stream, [](const auto& one) { return one->stream.get(); });
  return found == entries_.end() ? nullptr : found->get();
}

std::optional<StreamAudience> Streams::audience(const Room& room) const {
  const LiveStream* const stream = find(room);
  return stream == nullptr ? std::nullopt : std::optional{stream->audience()};
}

void Streams::tick() {
  // By place: what hears of a stream on the bus may start another one.
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    Entry& entry = *entries_[i];
    entry.stream->count();
    if (entry.room == nullptr) continue;
    news_.look(*entry.room, *entry.stream, entry.told);
    if (entry.room != nullptr) watch_emptiness(entry);
  }
  forget_ended();
  count();
  if (entries_.empty()) ticking_ = {};
}

void Streams::watch_emptiness(Entry& entry) {
  if (entry.room->size() > 0) return entry.empty_since.reset();
  const Instant now = context_.host.timers().now();
  if (!entry.empty_since) entry.empty_since = now;
  if (now - *entry.empty_since >= context_.options.stop_when_empty_s) stop(*entry.stream, {}, "empty");
}

void Streams::forget_ended() {
  const Instant now = context_.host.timers().now();
  std::size_t ended = entries_.size() - busy();
  std::erase_if(entries_, [&](const auto& one) {
    const auto stopped_at = one->stream->stopped_at();
    if (!stopped_at || (now - *stopped_at < kAfterlife && ended <= kMostEnded)) return false;
    --ended;
    return true;
  });
}

void Streams::drain() {
  draining_ = true;
  for (LiveStream* one : all()) stop(*one, {}, "draining");
}

void Streams::stop_all() {
  draining_ = true;
  ticking_ = {};
  entries_.clear();
  count();
}

void Streams::count() const {
  std::map<TargetState, double> targets;
  double viewers = 0;
  double active = 0;
  for (const auto& entry : entries_) {
    viewers += static_cast<double>(entry->stream->audience().viewers);
    if (entry->room == nullptr) continue;
    ++active;
    for (const Targets::Target& target : entry->stream->targets().all()) targets[target.report.state] += 1;
  }
  context_.metrics.active.set(active);
  context_.metrics.viewers.set(viewers);
  context_.metrics.connecting.set(targets[TargetState::connecting]);
  context_.metrics.live.set(targets[TargetState::live]);
  context_.metrics.reconnecting.set(targets[TargetState::reconnecting]);
  context_.metrics.failed.set(targets[TargetState::failed]);
}

}  // namespace sluice::livestream
