#include "core/admin/admin_site.h"

#include <utility>

namespace sluice {

AdminSite::AdminSite(Parts parts)
    : parts_{parts},
      log_{parts.logs.component("admin")},
      scope_{std::make_shared<CallbackScope>(CallbackScope::Options{.name = "admin", .warn_after = parts.callback_warn},
                                             parts.clock, parts.logs.component("plugins"),
                                             parts.metrics.component("plugins"))} {}

AdminSite::~AdminSite() {
  scope_->close();
  parts_.routes.remove_all(*scope_);
}

void AdminSite::add(std::string_view method, std::string_view pattern, json::object operation, Http::Handler handler) {
  parts_.routes.add(scope_, method, pattern, std::move(handler), {.operation = std::move(operation)});
}

void AdminSite::add_stream(std::string_view pattern, json::object operation, StreamHandler handler) {
  parts_.routes.add_stream(scope_, pattern, std::move(handler), std::move(operation));
}

void AdminSite::ask(std::string_view target, Identity caller, net::HttpResponder responder) {
  parts_.routes.ask(target, std::move(caller), std::move(responder));
}

Result<Identity, Error> AdminSite::authorize(const net::HttpRequest& request) const {
  return parts_.routes.authorize(request);
}

}  // namespace sluice
