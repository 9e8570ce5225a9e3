#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/http.h"
#include "sluice/json.h"
#include "users.h"

/// Users as the admin API reads and shows them.
namespace sluice::meetings {

struct UserFields {
  static constexpr bool kSnakeCase = true;
  static constexpr std::array kMayBeMissing{std::string_view{"tenant"}};
  Text<256> tenant;
  Text<256> id;
  std::optional<Text<256>> name;
  std::optional<Text<254>> email;
  std::optional<Text<64>> user_type;
  std::optional<Text<2'048>> profile_image;
  std::optional<bool> active;
};
BOOST_DESCRIBE_STRUCT(UserFields, (), (tenant, id, name, email, user_type, profile_image, active))

struct UserChange {
  static constexpr bool kSnakeCase = true;
  std::optional<Text<256>> name;
  std::optional<Text<254>> email;
  std::optional<Text<64>> user_type;
  std::optional<Text<2'048>> profile_image;
  std::optional<bool> active;
};
BOOST_DESCRIBE_STRUCT(UserChange, (), (name, email, user_type, profile_image, active))

/// Throws Error{invalid_payload} with the field's path below `path`.
[[nodiscard]] User read_user(const UserFields& fields, const std::string& path);
/// The same for what shall change; nothing has changed where it throws.
[[nodiscard]] User changed_user(User user, const UserChange& change);
/// A JSON array, or CSV with a line of names (`text/csv`). Throws Error: invalid_payload, limit_exceeded for more than
/// 1,000.
[[nodiscard]] std::vector<User> read_users(const HttpRequest& request);
[[nodiscard]] json::object user_json(const User& user);

}  // namespace sluice::meetings
