#include "control/stream_news.h"

#include <utility>

#include "sluice/bus.h"
#include "sluice/contracts/livestream.h"
#include "sluice/events.h"

namespace sluice::livestream {

namespace {

std::int64_t unix_ms(WallTime time) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

// Events have times in milliseconds, REST in the words of ISO 8601.
template <class View>
json::value told(const View& view, const LiveStream& stream) {
  json::value out = as_event(view);
  out.as_object()["startedAt"] = unix_ms(stream.started_at());
  return out;
}

json::value name_of(const RoomActor& actor) {
  return actor.is_gateway() ? json::value(nullptr) : json::value(actor.name);
}

}  // namespace

json::object StreamNews::started(const LiveStream& stream) {
  json::object out;
  out["streamId"] = stream.id();
  out["title"] = stream.plan().title;
  out["layout"] = to_json(stream.plan().layout);
  out["hls"] = camel_names(to_json(stream.hls_view()));
  out["recorded"] = stream.plan().record;
  out["startedBy"] = name_of(stream.started_by());
  out["startedAt"] = unix_ms(stream.started_at());
  return out;
}

json::value StreamNews::status(const LiveStream& stream) { return told(stream.view(), stream); }

json::value StreamNews::summary(const LiveStream& stream) { return told(stream.summary(), stream); }

json::value StreamNews::no_stream() { return as_event(StreamSummary{}); }

void StreamNews::started(Room& room, const LiveStream& stream, Told& told) {
  room.broadcast("stream:started", started(stream));
  told.summary = summary(stream);
  told.summary_at = context_.host.timers().now();
}

void StreamNews::stopped(Room& room, const LiveStream& stream, const RoomActor& by, std::string_view reason) {
  json::object out{{"streamId", stream.id()}, {"reason", reason}, {"by", name_of(by)}};
  out["at"] = unix_ms(context_.host.timers().wall_time());
  room.broadcast("stream:stopped", std::move(out));
}

void StreamNews::look(Room& room, const LiveStream& stream, Told& told) {
  const StreamAudience audience = stream.audience();
  if (std::exchange(told.viewers, audience.viewers) != audience.viewers) {
    context_.host.bus().publish(StreamAudienceChanged{room, stream.id(), audience});
  }
  if (json::value now = status(stream); now != told.status) {
    tell(room, Whom::streamers, now);
    told.status = std::move(now);
  }
  const Instant time = context_.host.timers().now();
  if (time - told.summary_at < kSummaryInterval) return;
  if (json::value now = summary(stream); now != told.summary) {
    tell(room, Whom::others, now);
    told.summary = std::move(now);
    told.summary_at = time;
  }
}

void StreamNews::tell(Room& room, Whom whom, const json::value& status) {
  std::vector<Client*> clients;
  for (Participant* one : room.participants()) {
    const bool streams = one->may(Permission::stream);
    if (one->client() != nullptr && streams == (whom == Whom::streamers)) clients.push_back(one->client());
  }
  if (!clients.empty()) context_.host.events().broadcast(clients, "stream:status", status);
}

}  // namespace sluice::livestream
