#include "control/admin_routes.h"

#include <utility>

#include "sluice/http.h"

namespace sluice::livestream {

namespace {

json::object report(const LiveStream& stream) {
  const Feed::Figures feed = stream.feed_figures();
  json::object out = to_json(stream.view()).as_object();
  // Its key lets whoever has it watch.
  out["hls"] = stream.hls_view().has_value();
  out["tenant"] = stream.tenant();
  out["pid"] = to_json(stream.pid());
  out["feed"] = json::object{{"tracks", feed.tracks}, {"bytes", feed.bytes}, {"dropped_packets", feed.dropped_packets}};
  return out;
}

json::value success(json::object data) {
  return json::value(json::object{{"success", true}, {"data", std::move(data)}});
}

}  // namespace

void serve_admin_routes(Context& context, Streams& streams) {
  Http& admin = context.host.admin();
  admin.route("GET", "/livestream/streams", [&streams](const HttpRequest&, HttpReply reply) {
    json::array rows;
    for (const LiveStream* one : streams.all()) rows.push_back(report(*one));
    reply.json(success({{"streams", std::move(rows)}}));
  });
  admin.route("POST", "/livestream/streams/{id}/stop", [&streams](const HttpRequest& request, HttpReply reply) {
    LiveStream* const stream = streams.find(request.path_parameters.at("id"));
    if (stream == nullptr) throw Error{ErrorCode::not_found, "there is no such stream"};
    streams.stop(*stream, {}, "operator");
    reply.json(success(report(*stream)));
  });
}

}  // namespace sluice::livestream
