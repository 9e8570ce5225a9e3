#include "core/api/control_routes.h"

#include <algorithm>
#include <map>
#include <optional>
#include <stdexcept>
#include <utility>

#include "core/control/client_error.h"

namespace sluice {

namespace {

class ResponderSink final : public HttpReply::Sink {
 public:
  explicit ResponderSink(net::HttpResponder responder) : responder_{std::move(responder)} {}

  void send(HttpReply::Response response) override {
    answered_ = true;
    try {
      net::HttpResponse out{response.status, response.content_type, std::move(response.body)};
      for (const auto& [name, value] : response.headers) out.headers.set(name, value);
      out.file = std::move(response.file);
      responder_.send(std::move(out));
    } catch (const net::InvalidHeader& error) {
      responder_.send(net::HttpResponse::error(500, to_string(ErrorCode::internal), error.what()));
    }
  }

  // While the handler runs it may be on its way out with an exception, which is the better answer.
  void abandoned() override {
    if (!handler_runs_) fail_unanswered();
  }

  /// `kept`: somebody holds the reply and will answer later.
  void handler_returned(bool kept) {
    handler_runs_ = false;
    if (!kept && !answered_) fail_unanswered();
  }
  [[nodiscard]] bool answered() const noexcept { return answered_; }

 private:
  void fail_unanswered() {
    answered_ = true;
    responder_.send(net::HttpResponse::error(500, to_string(ErrorCode::internal), "the handler gave no answer"));
  }

  net::HttpResponder responder_;
  bool answered_ = false;
  bool handler_runs_ = true;
};

std::string lower(std::string_view text) {
  std::string out{text};
  std::ranges::transform(out, out.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

HttpRequest to_sdk(net::HttpRequest request, Identity identity) {
  HttpRequest out;
  out.method = to_string(request.method);
  out.path = std::move(request.path);
  out.path_parameters = std::move(request.params);
  out.query = std::move(request.query);
  for (const auto& [name, value] : request.headers) out.headers.emplace(lower(name), value);
  out.body = std::move(request.body);
  out.remote_address = request.remote.to_string();
  out.identity = std::move(identity);
  return out;
}

}  // namespace

struct ControlRoutes::Route {
  std::shared_ptr<CallbackScope> scope;
  std::string method;
  std::string pattern;
  json::object operation;
  bool rate_limited = true;
  Http::Handler handler;
  net::RouteId id{};
};

struct ControlRoutes::Table {
  ControlLoop& loop;
  AuthorizeRequest authorize;
  RequestLimiter* limiter;
  std::map<std::uint64_t, std::shared_ptr<Route>> routes;  // shared with the request that runs while it is removed
  std::uint64_t next_key = 1;

  [[nodiscard]] std::optional<Error> too_often(const Route& route, const Identity& caller,
                                               const net::HttpRequest& request) const {
    if (limiter == nullptr || !route.rate_limited) return std::nullopt;
    return limiter->check(caller, request.remote, loop.now());
  }

  void serve(std::uint64_t key, net::HttpRequest request, net::HttpResponder responder) {
    const auto sink = std::make_shared<ResponderSink>(std::move(responder));
    const auto found = routes.find(key);
    if (found == routes.end()) {
      return HttpReply{sink}.fail(Error{ErrorCode::not_found, "this route was just removed"});
    }
    const std::shared_ptr<Route> route = found->second;
    Result<Identity, Error> identity = authorize(request);
    if (!identity) return HttpReply{sink}.fail(identity.error());

    if (const auto refusal = too_often(*route, *identity, request)) return HttpReply{sink}.fail(*refusal);

    const HttpRequest sdk_request = to_sdk(std::move(request), std::move(identity).value());
    const std::string what = "route " + route->method + " " + route->pattern;
    const auto thrown = route->scope->run(what, [&] { route->handler(sdk_request, HttpReply{sink}); });
    if (thrown && !sink->answered()) {
      const Error error = client_error(thrown);
      if (error.code() == ErrorCode::internal) route->scope->log_exception(what, thrown);
      HttpReply{sink}.fail(error);
    }
    sink->handler_returned(sink.use_count() > 1);
  }
};

ControlRoutes::ControlRoutes(net::HttpRouter& router, ControlLoop& loop, AuthorizeRequest authorize, std::string prefix,
                             RequestLimiter* limiter)
    : router_{router},
      loop_{loop},
      prefix_{std::move(prefix)},
      table_{std::make_shared<Table>(
          Table{.loop = loop, .authorize = std::move(authorize), .limiter = limiter, .routes = {}})} {}

ControlRoutes::~ControlRoutes() {
  for (const auto& [key, route] : table_->routes) router_.remove(route->id);
}

void ControlRoutes::add(std::shared_ptr<CallbackScope> scope, std::string_view method, std::string_view pattern,
                        Http::Handler handler, RouteOptions options) {
  const auto parsed = net::parse_http_method(method);
  if (!parsed) throw std::logic_error{"no such HTTP method: " + std::string{method}};
  const std::string full = prefix_ + std::string{pattern};
  const std::uint64_t key = table_->next_key++;
  auto route = std::make_shared<Route>(Route{.scope = std::move(scope),
                                             .method = std::string{method},
                                             .pattern = full,
                                             .operation = std::move(options.operation),
                                             .rate_limited = options.rate_limited,
                                             .handler = std::move(handler)});
  const std::weak_ptr<Table> weak = table_;
  const auto post = [weak, key, &loop = loop_](net::HttpRequest request, net::HttpResponder responder) {
    loop.post([weak, key, request = std::move(request), responder = std::move(responder)]() mutable {
      if (const auto table = weak.lock()) {
        table->serve(key, std::move(request), std::move(responder));
      } else {
        responder.send(net::HttpResponse::error(503, to_string(ErrorCode::draining), "the gateway is stopping"));
      }
    });
  };
  route->id = router_.add(*parsed, full, post, options.body_bytes);
  table_->routes.emplace(key, std::move(route));
  ++revision_;
}

void ControlRoutes::remove_all(const CallbackScope& scope) {
  ++revision_;
  std::erase_if(table_->routes, [&](const auto& entry) {
    if (entry.second->scope.get() != &scope) return false;
    router_.remove(entry.second->id);
    return true;
  });
}

std::vector<ControlRoutes::Description> ControlRoutes::describe() const {
  std::vector<Description> out;
  for (const auto& [key, route] : table_->routes) {
    // Parentheses: braces would make a list of one object.
    out.push_back(Description{.method = route->method,
                              .pattern = route->pattern,
                              .plugin = route->scope->name(),
                              .operation = json::object(route->operation)});
  }
  return out;
}

}  // namespace sluice
