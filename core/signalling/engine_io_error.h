#pragma once

#include <cstdint>

#include "core/net/http_message.h"

namespace sluice {

/// Why the Engine.IO door refuses a request; numbers and texts are those of the reference server, which clients show.
enum class EngineIoFailure : std::uint8_t {
  unknown_transport = 0,
  unknown_sid = 1,
  bad_method = 2,
  bad_request = 3,
  forbidden = 4,
  unsupported_version = 5
};

/// 400 `{"code":5,"message":"Unsupported protocol version"}`.
[[nodiscard]] net::HttpResponse engine_io_error(EngineIoFailure failure);

}  // namespace sluice
