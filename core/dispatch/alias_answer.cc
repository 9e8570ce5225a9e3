#include "core/dispatch/alias_answer.h"

#include <utility>

namespace sluice {

namespace {

bool says(const json::object& data, const std::string& field) {
  const json::value* value = field.empty() ? nullptr : data.if_contains(field);
  return value != nullptr && value->is_bool() && value->get_bool();
}

}  // namespace

AliasAnswer::AliasAnswer(const Profile::Alias& alias, std::string event, std::optional<AckId> ack,
                         const json::value& request)
    : alias_{alias}, event_{std::move(event)}, ack_{std::move(ack)} {
  const json::object* data = request.if_object();
  if (data == nullptr) return;
  for (const std::string& field : alias.rules.echo) {
    const json::value* value = data->if_contains(field);
    if (value != nullptr && may_echo(*value)) echo_.emplace(field, *value);
  }
  if (alias.rules.context.empty()) return;
  const json::value* value = data->if_contains(alias.rules.context);
  if (value == nullptr || !may_echo(*value)) return;
  context_.field = alias.rules.context;
  context_.value = *value;
}

void AliasAnswer::ok(ClientSession& client, const json::value& data) {
  if (failed_ || --waiting_ > 0) return;
  ProfileSession& session = *client.profile();
  if (!context_.field.empty()) session.set_context(context_);

  json::value answer = data;
  bool told_later = false;
  if (const json::object* object = data.if_object()) {
    told_later = says(*object, alias_.rules.result_unless);
    json::object older = alias_.answer.apply(*object);
    session.context().add_to(older);
    for (const auto& [field, value] : echo_) older.emplace(field, value);
    answer = std::move(older);
  }
  if (ack_) client.connection().send_ack(*ack_, answer);
  if (alias_.rules.result.empty() || told_later) return;
  client.connection().send_event(std::make_shared<const OutboundEvent>(alias_.rules.result, std::move(answer)));
}

void AliasAnswer::fail(ClientSession& client, const Error& error) {
  if (std::exchange(failed_, true)) return;
  const Error older = with_older_path(error);
  if (ack_) return client.connection().send_ack(*ack_, older);
  client.connection().send_error_event(event_, older);
}

// The client looks for the field that it has sent.
Error AliasAnswer::with_older_path(const Error& error) const {
  const json::value* path = error.details().if_contains("path");
  if (error.code() != ErrorCode::invalid_payload || path == nullptr || !path->is_string()) return error;
  const std::string canonical{path->get_string()};
  std::string older = alias_.request.origin(canonical);
  std::string message = error.what();
  if (message.starts_with(canonical)) message.replace(0, canonical.size(), older);
  json::object details = error.details();
  details["path"] = std::move(older);
  return Error{error.code(), message, std::move(details)};
}

}  // namespace sluice
