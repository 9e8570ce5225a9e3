#include "core/admin/live_routes.h"

#include <algorithm>
#include <utility>

#include "core/admin/event_stream.h"
#include "core/net/url.h"

namespace sluice {

namespace {

constexpr std::string_view kPrefix = "/admin/v1/";
constexpr std::string_view kOwnPath = "/admin/v1/live";
constexpr std::string_view kWhoAsks = "/admin/v1/me";  // differs by viewer, where all of a role share an answer

Error bad_item(const std::string& why) { return Error{ErrorCode::invalid_payload, why, {{"path", "watch"}}}; }

std::string item_of(std::string_view encoded) {
  auto item = net::percent_decoded(encoded);
  if (!item || item->empty() || item->size() > LiveRoutes::kMaxItemBytes) {
    throw bad_item("an item is a path below /admin/v1 with its query, percent-encoded, of at most 1024 bytes");
  }
  const auto target = net::parse_target(std::string{kPrefix} + *item);
  if (!target || !target->path.starts_with(kPrefix)) throw bad_item("an item is a path below /admin/v1");
  const std::string_view path = std::string_view{target->path}.substr(0, target->path.find_last_not_of('/') + 1);
  if (path == kOwnPath) throw bad_item("the stream cannot watch itself");
  if (path == kWhoAsks) throw bad_item("who asks is not to be watched");
  return std::move(item).value();
}

json::object live_operation() {
  json::object media{{"schema", json::object{{"type", "string"}}}};
  json::object content;
  content[admin::kEventStreamType] = std::move(media);
  json::object answer{{"description", "Server-sent events; each is named for its item, its data the item's answer"}};
  answer["content"] = std::move(content);
  json::object watch{
      {"name", "watch"},
      {"in", "query"},
      {"required", true},
      {"description", "Items, separated by commas: paths of GET routes below /admin/v1 with their query"},
      {"schema", json::object{{"type", "string"}}}};
  json::object out{{"summary", "What other routes answer, once a second where it has changed"},
                   {"tags", json::array{"gateway"}}};
  json::array parameters;
  parameters.push_back(json::value(std::move(watch)));
  out["parameters"] = std::move(parameters);
  out["responses"] = json::object{{"200", std::move(answer)}};
  return out;
}

}  // namespace

std::vector<std::string> watched_items(std::string_view watch) {
  std::vector<std::string> items;
  while (true) {
    const std::size_t end = std::min(watch.find(','), watch.size());
    std::string item = item_of(watch.substr(0, end));
    if (std::ranges::find(items, item) == items.end()) items.push_back(std::move(item));
    if (items.size() > LiveHub::kMaxItems) {
      throw Error{ErrorCode::limit_exceeded, "too many items in one stream", {{"limit", LiveHub::kMaxItems}}};
    }
    if (end == watch.size()) return items;
    watch.remove_prefix(end + 1);
  }
}

LiveRoutes::LiveRoutes(AdminSite& site, ControlLoop& loop)
    : site_{site},
      hub_{loop, std::string{kPrefix}, [this](std::string_view target, Identity caller, net::HttpResponder responder) {
             site_.ask(target, std::move(caller), std::move(responder));
           }} {
  site_.add_stream("/live", live_operation(),
                   [this](net::HttpRequest request, Identity viewer, const net::HttpResponder& responder) {
                     open(std::move(request), std::move(viewer), responder);
                   });
}

void LiveRoutes::open(net::HttpRequest request, Identity viewer, const net::HttpResponder& responder) {
  std::vector<std::string> items = watched_items(request.query_value("watch").value_or(""));
  hub_.check_room_for(items, viewer);
  net::HttpStreamEnds ends = net::make_http_stream(LiveHub::kQueueBytes);
  net::HttpResponse response{200};
  response.headers.set("Content-Type", admin::kEventStreamType);
  response.stream = std::move(ends.reader);
  if (!responder.send(std::move(response))) return;
  LiveHub::Recheck recheck = [this, request = std::move(request)] { return site_.authorize(request); };
  hub_.open(std::move(items), {.identity = std::move(viewer), .recheck = std::move(recheck)}, std::move(ends.writer));
}

}  // namespace sluice
