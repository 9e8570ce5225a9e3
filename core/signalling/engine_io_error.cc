#include "core/signalling/engine_io_error.h"

#include <array>
#include <string_view>

namespace sluice {

net::HttpResponse engine_io_error(EngineIoFailure failure) {
  static constexpr std::array<std::string_view, 6> kTexts{
      "Transport unknown", "Session ID unknown", "Bad handshake method",
      "Bad request",       "Forbidden",          "Unsupported protocol version"};
  const auto code = static_cast<std::size_t>(failure);
  std::string body = R"({"code":)" + std::to_string(code) + R"(,"message":")";
  body.append(kTexts[code]).append(R"("})");
  return net::HttpResponse::json(failure == EngineIoFailure::forbidden ? 403 : 400, std::move(body));
}

}  // namespace sluice
