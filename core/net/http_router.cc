#include "core/net/http_router.h"

#include <algorithm>
#include <array>
#include <optional>
#include <tuple>

namespace sluice::net {

namespace {

enum class SegmentKind : std::uint8_t { literal, parameter, rest };  // by rank: the first wins

struct Segment {
  SegmentKind kind;
  std::string text;  // the literal, or the parameter's name
};

/// Segments of a path; the slash at either end has no meaning.
std::vector<std::string_view> split(std::string_view path) {
  if (path.starts_with('/')) path.remove_prefix(1);
  if (path.ends_with('/')) path.remove_suffix(1);
  std::vector<std::string_view> segments;
  while (!path.empty()) {
    const std::size_t slash = std::min(path.find('/'), path.size());
    segments.push_back(path.substr(0, slash));
    path.remove_prefix(std::min(slash + 1, path.size()));
  }
  return segments;
}

Segment parse_segment(std::string_view text, std::string_view pattern) {
  const auto fail = [&](std::string_view why) -> RouteError {
    return RouteError{"route " + std::string{pattern} + ": " + std::string{why}};
  };
  if (text.empty()) throw fail("empty segment");
  if (!text.starts_with('{')) {
    if (text.find_first_of("{}") != std::string_view::npos) throw fail("a parameter is a whole segment");
    return {SegmentKind::literal, std::string{text}};
  }
  if (!text.ends_with('}')) throw fail("'{' without '}'");
  std::string_view name = text.substr(1, text.size() - 2);
  const bool rest = name.ends_with("...");
  if (rest) name.remove_suffix(3);
  if (name.empty() || name.find_first_of("{}.") != std::string_view::npos) throw fail("bad parameter name");
  return {rest ? SegmentKind::rest : SegmentKind::parameter, std::string{name}};
}

std::vector<Segment> parse_pattern(std::string_view pattern) {
  if (!pattern.starts_with('/')) throw RouteError{"route " + std::string{pattern} + ": must begin with '/'"};
  std::vector<Segment> segments;
  for (const std::string_view text : split(pattern)) {
    if (!segments.empty() && segments.back().kind == SegmentKind::rest) {
      throw RouteError{"route " + std::string{pattern} + ": {...} must be last"};
    }
    segments.push_back(parse_segment(text, pattern));
  }
  return segments;
}

/// Two patterns of the same shape match the same paths, whatever their parameters are called.
bool same_shape(const std::vector<Segment>& a, const std::vector<Segment>& b) {
  return std::ranges::equal(a, b, [](const Segment& x, const Segment& y) {
    return x.kind == y.kind && (x.kind != SegmentKind::literal || x.text == y.text);
  });
}

bool wins_over(const std::vector<Segment>& a, const std::vector<Segment>& b) {
  return std::ranges::lexicographical_compare(a, b, {}, &Segment::kind, &Segment::kind);
}

bool matches(const std::vector<Segment>& pattern, const std::vector<std::string_view>& path) {
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (i == path.size()) return false;
    if (pattern[i].kind == SegmentKind::rest) return true;
    if (pattern[i].kind == SegmentKind::literal && pattern[i].text != path[i]) return false;
  }
  return pattern.size() == path.size();
}

HttpFields capture(const std::vector<Segment>& pattern, const std::vector<std::string_view>& path) {
  HttpFields params;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i].kind == SegmentKind::literal) continue;
    std::string value{path[i]};
    if (pattern[i].kind == SegmentKind::rest) {
      for (std::size_t next = i + 1; next < path.size(); ++next) value.append("/").append(path[next]);
    }
    params.emplace(pattern[i].text, std::move(value));
  }
  return params;
}

}  // namespace

struct HttpRouter::Route {
  RouteId id{};
  std::string pattern;
  std::vector<Segment> segments;
  std::optional<HttpMethod> method;  // none: a WebSocket
  std::size_t body_bytes = 0;
  // Owners: every table that holds the route, and the requests in it.
  std::shared_ptr<const HttpHandler> handler;
  std::shared_ptr<const WebSocketAcceptor> acceptor;
};

struct HttpRouter::Table {
  std::uint64_t last_id = 0;
  std::vector<Route> routes;  // the ones that win first

  const Route* find(std::optional<HttpMethod> method, const std::vector<std::string_view>& path) const {
    const auto found = std::ranges::find_if(
        routes, [&](const Route& route) { return route.method == method && matches(route.segments, path); });
    return found == routes.end() ? nullptr : &*found;
  }

  RouteId insert(Route route) {
    for (const Route& other : routes) {
      if (other.method == route.method && same_shape(other.segments, route.segments)) {
        throw RouteError{"route " + route.pattern + ": taken by " + other.pattern};
      }
    }
    route.id = RouteId{++last_id};
    const auto place =
        std::ranges::find_if(routes, [&](const Route& other) { return wins_over(route.segments, other.segments); });
    return routes.insert(place, std::move(route))->id;
  }

  /// `GET, HEAD, OPTIONS`; empty if no route has the path.
  std::string allow(const std::vector<std::string_view>& path) const {
    std::array<bool, 7> has{};
    const auto flag = [&has](HttpMethod method) -> bool& { return has[static_cast<std::size_t>(method)]; };
    bool any = false;
    for (const Route& route : routes) {
      if (!route.method || !matches(route.segments, path)) continue;
      flag(*route.method) = any = true;
    }
    if (!any) return {};
    flag(HttpMethod::head) |= flag(HttpMethod::get);
    flag(HttpMethod::options) = true;
    std::string text;
    for (std::size_t i = 0; i < has.size(); ++i) {
      if (!has[i]) continue;
      text.append(text.empty() ? "" : ", ").append(to_string(static_cast<HttpMethod>(i)));
    }
    return text;
  }
};

HttpRouter::HttpRouter() : table_{std::make_shared<const Table>()} {}
HttpRouter::~HttpRouter() = default;

std::shared_ptr<const HttpRouter::Table> HttpRouter::table() const {
  const std::lock_guard lock{mutex_};
  return table_;
}

RouteId HttpRouter::insert(Route route) {
  const std::lock_guard lock{mutex_};
  auto next = std::make_shared<Table>(*table_);
  const RouteId id = next->insert(std::move(route));
  table_ = std::move(next);
  return id;
}

RouteId HttpRouter::add(HttpMethod method, std::string_view pattern, HttpHandler handler, std::size_t body_bytes) {
  return insert({.id = {},
                 .pattern = std::string{pattern},
                 .segments = parse_pattern(pattern),
                 .method = method,
                 .body_bytes = body_bytes,
                 .handler = std::make_shared<const HttpHandler>(std::move(handler)),
                 .acceptor = nullptr});
}

RouteId HttpRouter::add_web_socket(std::string_view pattern, WebSocketAcceptor acceptor) {
  return insert({.id = {},
                 .pattern = std::string{pattern},
                 .segments = parse_pattern(pattern),
                 .method = std::nullopt,
                 .body_bytes = 0,
                 .handler = nullptr,
                 .acceptor = std::make_shared<const WebSocketAcceptor>(std::move(acceptor))});
}

void HttpRouter::remove(RouteId id) {
  std::shared_ptr<const Table> old;  // the last reference to a handler goes outside of the lock
  const std::lock_guard lock{mutex_};
  auto next = std::make_shared<Table>(*table_);
  std::erase_if(next->routes, [id](const Route& route) { return route.id == id; });
  old = std::exchange(table_, std::move(next));
}

std::vector<RouteDescription> HttpRouter::routes() const {
  std::vector<RouteDescription> out;
  for (const Route& route : table()->routes) {
    if (route.method) out.push_back({*route.method, route.pattern});
  }
  std::ranges::sort(out, [](const RouteDescription& a, const RouteDescription& b) {
    return std::tie(a.pattern, a.method) < std::tie(b.pattern, b.method);
  });
  return out;
}

std::size_t HttpRouter::body_bytes(HttpMethod method, std::string_view path) const {
  const auto current = table();
  const Route* route = current->find(method, split(path));
  return route == nullptr ? 0 : route->body_bytes;
}

HttpRouter::Match HttpRouter::match(HttpMethod method, std::string_view path) const {
  const auto current = table();
  const auto segments = split(path);
  const Route* route = current->find(method, segments);
  if (route == nullptr && method == HttpMethod::head) route = current->find(HttpMethod::get, segments);
  if (route == nullptr) return {.handler = nullptr, .route = {}, .params = {}, .allow = current->allow(segments)};
  return {.handler = route->handler,
          .route = route->id,
          .params = capture(route->segments, segments),
          .allow = method == HttpMethod::options ? current->allow(segments) : std::string{}};
}

HttpRouter::WebSocketMatch HttpRouter::match_web_socket(std::string_view path) const {
  const auto current = table();
  const auto segments = split(path);
  const Route* route = current->find(std::nullopt, segments);
  if (route == nullptr) return {};
  return {.acceptor = route->acceptor, .params = capture(route->segments, segments)};
}

}  // namespace sluice::net
