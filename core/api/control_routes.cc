#include "core/api/control_routes.h"

#include <algorithm>
#include <map>
#include <optional>
#include <stdexcept>
#include <utility>

#include "core/control/client_error.h"
#include "core/net/url.h"

namespace sluice {

namespace {

// Null while nobody watches. Owners: the table of routes, and each request until its answer is out: an answer may come
// when the watch is gone.
using Watch = std::shared_ptr<AnswerWatch*>;

class ResponderSink final : public HttpReply::Sink {
 public:
  ResponderSink(net::HttpResponder responder, ControlLoop& loop) : responder_{std::move(responder)}, loop_{loop} {}

  void watched_by(Watch watch, net::HttpRequest request) {
    watch_ = std::move(watch);
    watched_.request = std::move(request);
  }
  void set_caller(const Identity& caller) {
    if (watch_ != nullptr) watched_.caller = caller;
  }

  void send(HttpReply::Response response) override {
    answered_ = true;
    try {
      net::HttpResponse out{response.status, response.content_type, std::move(response.body)};
      for (const auto& [name, value] : response.headers) out.headers.set(name, value);
      out.file = std::move(response.file);
      deliver(std::move(out));
    } catch (const net::InvalidHeader& error) {
      deliver(net::HttpResponse::error(500, to_string(ErrorCode::internal), error.what()));
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
    deliver(net::HttpResponse::error(500, to_string(ErrorCode::internal), "the handler gave no answer"));
  }

  void deliver(net::HttpResponse response) {
    if (watch_ == nullptr || *watch_ == nullptr || !(*watch_)->wants(watched_.request, response.status)) {
      responder_.send(std::move(response));
      return;
    }
    watched_.status = response.status;
    // Posted: what the watch does is done for no plugin.
    loop_.post([watch = watch_, answer = std::move(watched_), responder = responder_,
                response = std::move(response)]() mutable {
      Function<void()> go_on = [responder, response = std::move(response)]() mutable {
        responder.send(std::move(response));
      };
      if (*watch == nullptr) return go_on();
      (*watch)->record(std::move(answer), std::move(go_on));
    });
  }

  net::HttpResponder responder_;
  ControlLoop& loop_;
  Watch watch_;
  RouteAnswer watched_;
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

net::HttpRequest without_body(net::HttpRequest& request) {
  std::string body = std::exchange(request.body, {});
  net::HttpRequest copy = request;
  request.body = std::move(body);
  return copy;
}

}  // namespace

struct ControlRoutes::Route {
  std::shared_ptr<CallbackScope> scope;
  std::string method;
  std::string pattern;
  json::object operation;
  bool rate_limited = true;
  Http::Handler handler;
  StreamHandler stream;  ///< instead of `handler`, where it is set
  net::RouteId id{};
};

struct ControlRoutes::Table {
  ControlLoop& loop;
  AuthorizeRequest authorize;
  RequestLimiter* limiter;
  Watch watch = std::make_shared<AnswerWatch*>(nullptr);
  std::map<std::uint64_t, std::shared_ptr<Route>> routes;  // shared with the request that runs while it is removed
  std::uint64_t next_key = 1;

  [[nodiscard]] std::optional<Error> too_often(const Route& route, const Identity& caller,
                                               const net::HttpRequest& request) const {
    if (limiter == nullptr || !route.rate_limited) return std::nullopt;
    return limiter->check(caller, request.remote, loop.now());
  }

  void serve(std::uint64_t key, net::HttpRequest request, net::HttpResponder responder) {
    const auto sink = std::make_shared<ResponderSink>(responder, loop);
    if (*watch != nullptr) sink->watched_by(watch, without_body(request));
    const auto found = routes.find(key);
    if (found == routes.end()) {
      return HttpReply{sink}.fail(Error{ErrorCode::not_found, "this route was just removed"});
    }
    const std::shared_ptr<Route> route = found->second;
    Result<Identity, Error> identity = authorize(request);
    if (!identity) return HttpReply{sink}.fail(identity.error());
    sink->set_caller(*identity);

    if (const auto refusal = too_often(*route, *identity, request)) return HttpReply{sink}.fail(*refusal);

    if (route->stream) {
      return open_stream(*route, std::move(request), std::move(identity).value(), responder, *sink);
    }
    run(*route, to_sdk(std::move(request), std::move(identity).value()), sink);
  }

  static void run(Route& route, const HttpRequest& request, const std::shared_ptr<ResponderSink>& sink) {
    const std::string what = "route " + route.method + " " + route.pattern;
    const auto thrown = route.scope->run(what, [&] { route.handler(request, HttpReply{sink}); });
    if (thrown && !sink->answered()) fail(route, what, thrown, *sink);
    sink->handler_returned(sink.use_count() > 1);
  }

  static void open_stream(Route& route, net::HttpRequest request, Identity caller, const net::HttpResponder& responder,
                          ResponderSink& sink) {
    const std::string what = "stream " + route.pattern;
    const auto thrown = route.scope->run(what, [&] { route.stream(std::move(request), std::move(caller), responder); });
    if (thrown) fail(route, what, thrown, sink);
  }

  static void fail(const Route& route, const std::string& what, const std::exception_ptr& thrown, ResponderSink& sink) {
    const Error error = client_error(thrown);
    if (error.code() == ErrorCode::internal) route.scope->log_exception(what, thrown);
    sink.send(HttpReply::failure(error));
  }

  [[nodiscard]] std::shared_ptr<Route> find(net::RouteId id) const {
    const auto found = std::ranges::find_if(routes, [id](const auto& entry) { return entry.second->id == id; });
    return found == routes.end() ? nullptr : found->second;
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
  insert(Route{.scope = std::move(scope),
               .method = std::string{method},
               .pattern = prefix_ + std::string{pattern},
               .operation = std::move(options.operation),
               .rate_limited = options.rate_limited,
               .handler = std::move(handler),
               .stream = {}},
         *parsed, options.body_bytes);
}

void ControlRoutes::add_stream(std::shared_ptr<CallbackScope> scope, std::string_view pattern, StreamHandler handler,
                               json::object operation) {
  insert(Route{.scope = std::move(scope),
               .method = "GET",
               .pattern = prefix_ + std::string{pattern},
               .operation = std::move(operation),
               .handler = {},
               .stream = std::move(handler)},
         net::HttpMethod::get, 0);
}

void ControlRoutes::insert(Route added, net::HttpMethod method, std::size_t body_bytes) {
  const std::uint64_t key = table_->next_key++;
  auto route = std::make_shared<Route>(std::move(added));
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
  route->id = router_.add(method, route->pattern, post, body_bytes);
  table_->routes.emplace(key, std::move(route));
  ++revision_;
}

Result<Identity, Error> ControlRoutes::authorize(const net::HttpRequest& request) const {
  return table_->authorize(request);
}

void ControlRoutes::ask(std::string_view target, Identity caller, net::HttpResponder responder) {
  const auto sink = std::make_shared<ResponderSink>(std::move(responder), loop_);
  auto parsed = net::parse_target(target);
  if (!parsed) return HttpReply{sink}.fail(Error{ErrorCode::invalid_payload, "malformed path"});
  net::HttpRouter::Match match = router_.match(net::HttpMethod::get, parsed->path);
  const auto route = match.handler ? table_->find(match.route) : nullptr;
  if (!route) return HttpReply{sink}.fail(Error{ErrorCode::not_found, "no such path"});
  if (route->stream) return HttpReply{sink}.fail(Error{ErrorCode::unsupported, "a stream within a stream"});
  net::HttpRequest request;
  request.path = std::move(parsed->path);
  request.query = std::move(parsed->query);
  request.params = std::move(match.params);
  Table::run(*route, to_sdk(std::move(request), std::move(caller)), sink);
}

void ControlRoutes::remove_all(const CallbackScope& scope) {
  ++revision_;
  std::erase_if(table_->routes, [&](const auto& entry) {
    if (entry.second->scope.get() != &scope) return false;
    router_.remove(entry.second->id);
    return true;
  });
}

void ControlRoutes::watch(AnswerWatch* watch) noexcept { *table_->watch = watch; }

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
