#include "user_fields.h"

#include "csv.h"
#include "door.h"
#include "sluice/rest.h"
#include "text.h"
#include "time_zone.h"

namespace sluice::meetings {

namespace {

constexpr std::size_t kMostImported = 1'000;

std::string field_of(const std::string& path, std::string_view field) {
  return path.empty() ? std::string{field} : (path + ".").append(field);
}

std::string read_name(const std::string& path, const std::string& text, bool may_be_empty) {
  if (sanitise_text(text) != text || (text.empty() && !may_be_empty)) {
    refuse(path, "must be a text without control characters, and not empty");
  }
  return text;
}

std::string read_email(const std::string& path, const std::string& text) {
  if (!text.empty() && !is_email(text)) refuse(path, "must be an e-mail address");
  return lower(text);
}

// It is put into pages: nothing that runs.
std::string read_image(const std::string& path, const std::string& text) {
  const bool fits = text.empty() || text.starts_with("https://") || text.starts_with("http://");
  if (!fits || sanitise_text(text, text.size()) != text) refuse(path, "must be a URL with http or https");
  return text;
}

json::object record_of(const std::vector<std::string>& names, const std::vector<std::string>& values) {
  json::object out;
  for (std::size_t i = 0; i < std::min(names.size(), values.size()); ++i) {
    if (values[i].empty() && names[i] != "tenant") continue;
    if (names[i] == "active" && (values[i] == "true" || values[i] == "false")) {
      out[names[i]] = values[i] == "true";
    } else {
      out[names[i]] = values[i];
    }
  }
  return out;
}

json::array read_csv(const std::string& body) {
  const auto rows = parse_csv(body, kMostImported + 1);
  if (!rows || rows->empty()) refuse("", "must be CSV (RFC 4180) with a line of names and at most 1000 more");
  json::array out;
  for (std::size_t i = 1; i < rows->size(); ++i) out.push_back(record_of(rows->front(), (*rows)[i]));
  return out;
}

bool is_csv(const HttpRequest& request) {
  const auto type = request.headers.find("content-type");
  return type != request.headers.end() && type->second.starts_with("text/csv");
}

json::array read_array(const HttpRequest& request) {
  if (is_csv(request)) return read_csv(request.body);
  json::value body = rest::read_body(request);
  if (!body.is_array()) refuse("", "must be an array of users");
  return std::move(body.as_array());
}

}  // namespace

User read_user(const UserFields& fields, const std::string& path) {
  UserChange rest{.name = fields.name,
                  .email = fields.email,
                  .user_type = fields.user_type,
                  .profile_image = fields.profile_image,
                  .active = fields.active};
  User user;
  user.tenant = read_name(field_of(path, "tenant"), fields.tenant, true);
  user.id = read_name(field_of(path, "id"), fields.id, false);
  return below(path, [&] { return changed_user(std::move(user), rest); });
}

User changed_user(User user, const UserChange& change) {
  if (change.name) user.name = read_name("name", *change.name, true);
  if (change.email) user.email = read_email("email", *change.email);
  if (change.user_type) user.user_type = read_name("user_type", *change.user_type, true);
  if (change.profile_image) user.profile_image = read_image("profile_image", *change.profile_image);
  if (change.active) user.active = *change.active;
  return user;
}

std::vector<User> read_users(const HttpRequest& request) {
  const json::array records = read_array(request);
  if (records.size() > kMostImported) {
    throw Error{ErrorCode::limit_exceeded, "at most 1000 users at a time", {{"limit", kMostImported}}};
  }
  std::vector<User> users;
  for (std::size_t i = 0; i < records.size(); ++i) {
    const std::string path = "[" + std::to_string(i) + "]";
    const auto fields = below(path, [&] { return from_json<UserFields>(records[i]); });
    users.push_back(read_user(fields, path));
  }
  return users;
}

json::object user_json(const User& user) {
  return {{"tenant", user.tenant},
          {"id", user.id},
          {"name", user.name},
          {"email", user.email},
          {"user_type", user.user_type},
          {"profile_image", user.profile_image},
          {"active", user.active},
          {"created_at", format_time(user.created_at, "UTC")},
          {"updated_at", format_time(user.updated_at, "UTC")}};
}

}  // namespace sluice::meetings
