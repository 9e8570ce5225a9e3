#include "core/admin/process_routes.h"

#include <array>
#include <cstdint>
#include <utility>

#include "core/admin/admin_body.h"
#include "core/admin/admin_operations.h"
#include "sluice/json_schema.h"

namespace sluice {

namespace {

struct DrainRequest {
  bool confirm = false;
  std::optional<std::int64_t> timeout_ms;
};
BOOST_DESCRIBE_STRUCT(DrainRequest, (), (confirm, timeout_ms))

struct DrainAnswer {
  bool draining = false;
  std::int64_t left_ms = 0;
  std::vector<std::string> waiting_for;
};
BOOST_DESCRIBE_STRUCT(DrainAnswer, (), (draining, left_ms, waiting_for))

std::optional<std::chrono::milliseconds> timeout_of(const DrainRequest& request) {
  if (!request.timeout_ms) return std::nullopt;
  const std::chrono::milliseconds timeout{*request.timeout_ms};
  if (timeout.count() >= 0 && timeout <= ProcessRoutes::kLongestDrain) return timeout;
  throw Error{ErrorCode::invalid_payload, "'timeoutMs' is 0 to 86400000", {{"path", "timeoutMs"}}};
}

}  // namespace

ProcessRoutes::ProcessRoutes(AdminSite& site, Parts parts) : parts_{std::move(parts)}, log_{site.log()} {
  site.add("GET", "/drain", admin::operation("Whether the gateway drains", schema_of<DrainAnswer>()),
           [this](const HttpRequest&, HttpReply reply) { answer_drain(std::move(reply)); });
  site.add("POST", "/drain",
           admin::operation("Lets people finish, then ends the gateway", schema_of<DrainAnswer>(),
                            schema_of<DrainRequest>()),
           [this](const HttpRequest& request, HttpReply reply) { drain(request, std::move(reply)); });
  site.add("POST", "/reload", admin::operation("Reads the configuration again", {{"type", "object"}}),
           [this](const HttpRequest&, HttpReply reply) { reply.json(parts_.reload()); });
}

void ProcessRoutes::drain(const HttpRequest& request, HttpReply reply) {
  const auto wanted = admin::body_of<DrainRequest>(request);
  const auto timeout = timeout_of(wanted);
  if (!wanted.confirm) {
    throw Error{ErrorCode::invalid_payload,
                "the gateway ends when it has drained: ask with {\"confirm\": true}",
                {{"path", "confirm"}}};
  }
  if (!parts_.drain_state().draining) {
    log_.warning("the operator drains the gateway", {{"remote", request.remote_address}});
    parts_.drain(timeout);
  }
  answer_drain(std::move(reply));
}

void ProcessRoutes::answer_drain(HttpReply reply) const {
  const Drain state = parts_.drain_state();
  reply.json(to_json(
      DrainAnswer{.draining = state.draining, .left_ms = state.left.count(), .waiting_for = state.waiting_for}));
}

}  // namespace sluice
