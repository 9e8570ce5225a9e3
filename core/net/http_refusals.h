#pragma once

#include <optional>

#include "core/net/http_convert.h"
#include "core/net/http_message.h"
#include "core/net/net_stream.h"

namespace sluice::net {

/// 413.
[[nodiscard]] HttpResponse body_too_large();
/// 503: what large bodies may take together is taken.
[[nodiscard]] HttpResponse too_many_large_bodies();
/// The answer to what Beast could not read; nothing where there is nobody left to answer.
[[nodiscard]] std::optional<HttpResponse> answer_to_unreadable(error_code failed);
/// The answer to a message that is no request of ours.
[[nodiscard]] HttpResponse answer_to(RequestError error);

}  // namespace sluice::net
