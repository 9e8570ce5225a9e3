#include "admin_routes.h"

#include <chrono>
#include <memory>

#include "records.h"
#include "sluice/http.h"
#include "sluice/utc_text.h"
#include "store_task.h"
#include "view.h"

namespace sluice::recording {

namespace {

constexpr std::int64_t kNewest = 100;

json::object capture_report(const LiveRecording& live) {
  json::object out{{"id", live.record.id},
                   {"tenant", live.record.tenant},
                   {"room_id", live.record.room_id},
                   {"meeting_id", live.record.meeting_id},
                   {"state", to_json(live.record.state)},
                   {"started_at", utc_text_of_ms(live.record.started_at)},
                   {"trouble", to_json(live.trouble)}};
  if (live.capture == nullptr) return out;
  const CaptureFigures figures = live.capture->figures();
  const std::chrono::duration<double> recorded = figures.recorded;
  out["bytes"] = figures.bytes;
  out["dropped_packets"] = figures.dropped_packets;
  out["lost_frames"] = figures.lost_frames;
  out["tracks"] = figures.tracks;
  out["recorded_seconds"] = recorded.count();
  return out;
}

json::object record_report(const Record& record, const ProductionQueue& queue) {
  json::object out = to_json(view_of(record, queue.progress(record.id), {})).as_object();
  out["tenant"] = record.tenant;
  out["attempts"] = record.attempts;
  out["error"] = record.error;
  out["report"] = to_json(record.report);
  return out;
}

}  // namespace

void serve_admin_routes(Context& context, Recorder& recorder, ProductionQueue& queue) {
  context.host.admin().route("GET", "/recordings", [&context, &recorder, &queue](const HttpRequest&, HttpReply reply) {
    const auto kept = std::make_shared<HttpReply>(std::move(reply));
    in_store(
        context, [](StoreTransaction& store) { return newest(store, kNewest); },
        [&recorder, &queue, kept](const Result<std::vector<Record>, Error>& records) {
          if (!records) return kept->fail(records.error());
          json::array captures;
          for (const auto& live : recorder.all()) captures.push_back(capture_report(*live));
          json::array rows;
          for (const Record& record : *records) rows.push_back(record_report(record, queue));
          kept->json(json::object{{"success", true},
                                  {"data", json::object{{"captures", std::move(captures)},
                                                        {"productions_waiting", queue.waiting()},
                                                        {"productions_running", queue.running()},
                                                        {"recordings", std::move(rows)}}}});
        });
  });
}

}  // namespace sluice::recording
