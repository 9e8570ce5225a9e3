#pragma once

#include <string>
#include <string_view>

namespace sluice::load {

/// A JWT (RFC 7519) of the user, signed with HS256 by the secret of `auth.jwt.secret`, valid for a day.
[[nodiscard]] std::string user_token(std::string_view user_id, std::string_view secret);

}  // namespace sluice::load
