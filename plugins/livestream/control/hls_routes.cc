#include "control/hls_routes.h"

#include <algorithm>
#include <string>
#include <utility>

#include "sluice/http.h"

namespace sluice::livestream {

namespace {

constexpr std::size_t kMostKeyBytes = 64;

std::string query_value(const HttpRequest& request, std::string_view name) {
  const auto found = request.query.find(name);
  return found == request.query.end() ? std::string{} : found->second;
}

bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

/// RFC 3986 section 2.3.
std::string percent_encoded(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (is_letter_or_digit(c) || std::string_view{"-._~"}.find(c) != std::string_view::npos) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kHex[byte >> 4];
    out += kHex[byte & 0x0f];
  }
  return out;
}

// Read by people and players, not by programs of the API; pages of other origins may ask, as they may for what is
// there.
HttpReply::Response nothing_here() {
  return {.status = 404,
          .content_type = "text/plain; charset=utf-8",
          .body = "This room is not being streamed, its stream has ended, or the address lacks its key.\n",
          .headers = {{"Access-Control-Allow-Origin", "*"}, {"Cache-Control", "no-store"}}};
}

void redirect_to_page(const HttpRequest& request, HttpReply reply) {
  std::string page = "/watch.html?room=" + percent_encoded(request.path_parameters.at("room"));
  const std::string key = query_value(request, "key");
  if (!key.empty() && key.size() <= kMostKeyBytes) page += "&key=" + percent_encoded(key);
  reply.send({.status = 302, .content_type = {}, .body = {}, .headers = {{"Location", page}}});
}

}  // namespace

void serve_hls_routes(Context& context, Streams& streams) {
  // A viewer of low-latency parts asks several times a second.
  const RouteOptions options{.rate_limited = false};
  context.host.http().serve(
      "GET", "/live/{room}/{file}", options, [&streams](const HttpRequest& request, HttpReply reply) {
        LiveStream* const stream =
            streams.watched(request.identity.tenant, request.path_parameters.at("room"), query_value(request, "key"));
        if (stream == nullptr) return reply.send(nothing_here());
        stream->channel()->serve(request, request.path_parameters.at("file"), std::move(reply));
      });
  context.host.http().serve("GET", "/live/{room}", options, [](const HttpRequest& request, HttpReply reply) {
    redirect_to_page(request, std::move(reply));
  });
}

}  // namespace sluice::livestream
