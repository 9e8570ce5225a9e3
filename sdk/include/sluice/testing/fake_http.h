#pragma once

#include <boost/json/parse.hpp>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "sluice/http.h"

namespace sluice::testing {

/// The answer to one request; filled when the plugin answers, which may be later.
class HttpAnswer {
 public:
  [[nodiscard]] bool done() const noexcept { return state_->response.has_value(); }
  [[nodiscard]] const HttpReply::Response& response() const { return state_->response.value(); }
  [[nodiscard]] int status() const { return response().status; }
  [[nodiscard]] json::value body() const { return json::parse(response().body); }

 private:
  friend class FakeHttp;
  struct State final : HttpReply::Sink {
    void send(HttpReply::Response answer) override { response.emplace(std::move(answer)); }
    void abandoned() override {}  // seen by FakeHttp::call
    std::optional<HttpReply::Response> response;
  };
  // Owners: the test's answer, and the plugin's HttpReply.
  std::shared_ptr<State> state_ = std::make_shared<State>();
};

/// Routes without a listener.
class FakeHttp final : public Http {
 public:
  void serve(std::string_view method, std::string_view pattern, RouteOptions options, Handler handler) override {
    const std::string name = std::string{method} + " " + std::string{pattern};
    operations[name] = options.operation;
    served[name] = std::move(options);
    const bool taken =
        !routes_.emplace(std::pair{std::string{method}, std::string{pattern}}, std::move(handler)).second;
    if (taken) throw std::logic_error{"the route " + std::string{pattern} + " is taken"};
  }

  /// Calls the handler of the route as it was registered. Path parameters stand in `request.path_parameters`.
  HttpAnswer call(std::string_view method, std::string_view pattern, HttpRequest request = {}) {
    HttpAnswer answer;
    auto& handler = routes_.at({std::string{method}, std::string{pattern}});
    request.method = method;
    try {
      handler(request, HttpReply{answer.state_});
    } catch (const Error& error) {
      HttpReply{answer.state_}.fail(error);
    } catch (const std::exception& error) {
      HttpReply{answer.state_}.fail(Error{ErrorCode::internal, error.what()});
    }
    if (!answer.done() && answer.state_.use_count() == 1) {
      HttpReply{answer.state_}.fail(Error{ErrorCode::internal, "the handler gave no answer"});
    }
    return answer;
  }

  /// What each route says of itself, by `GET /api/meeting/{id}`; every route has an entry.
  std::map<std::string, json::object> operations;
  /// How each route is to be served, by the same names.
  std::map<std::string, RouteOptions> served;

 private:
  std::map<std::pair<std::string, std::string>, Handler> routes_;
};

}  // namespace sluice::testing
