#include "core/admin/access/operator_tables.h"

#include <utility>

#include "sluice/utc_text.h"

namespace sluice::admin {

namespace {

std::int64_t number(const StoreValue& value) { return std::get<std::int64_t>(value); }
const std::string& text(const StoreValue& value) { return std::get<std::string>(value); }

std::optional<WallTime> time_of(const StoreValue& value) {
  const auto* milliseconds = std::get_if<std::int64_t>(&value);
  return milliseconds == nullptr ? std::nullopt : std::optional{wall_time_of_ms(*milliseconds)};
}

std::optional<std::string> time_text(const StoreValue& value) {
  const auto time = time_of(value);
  return time ? std::optional{utc_text(*time)} : std::nullopt;
}

Role role_of(const StoreValue& value) { return from_json<Role>(json::value(text(value))); }

std::size_t count(StoreTransaction& store, std::string_view sql, const std::vector<StoreValue>& parameters = {}) {
  return static_cast<std::size_t>(number(store.query(sql, parameters).at(0).at(0)));
}

bool is_there(StoreTransaction& store, const std::string& name) {
  return count(store, "SELECT count(*) FROM admin_operators WHERE name = ?", {name}) != 0;
}

}  // namespace

std::vector<KnownToken> known_tokens(StoreTransaction& store) {
  std::vector<KnownToken> tokens;
  const auto rows = store.query(
      "SELECT t.id, t.digest, t.operator, o.role, t.expires_at FROM admin_tokens t "
      "JOIN admin_operators o ON o.name = t.operator");
  for (const StoreRow& row : rows) {
    const auto digest = digest_from_hex(text(row[1]));
    if (!digest) continue;  // somebody else's hand was in the table: such a token opens nothing
    tokens.push_back({.digest = *digest,
                      .name = text(row[2]),
                      .role = role_of(row[3]),
                      .id = text(row[0]),
                      .expires_at = time_of(row[4])});
  }
  return tokens;
}

std::vector<Operator> operators(StoreTransaction& store) {
  std::vector<Operator> out;
  const auto rows = store.query(
      "SELECT o.name, o.role, o.created_at, max(t.seen_at), count(t.id) FROM admin_operators o "
      "LEFT JOIN admin_tokens t ON t.operator = o.name GROUP BY o.name ORDER BY o.name");
  for (const StoreRow& row : rows) {
    out.push_back({.name = text(row[0]),
                   .role = role_of(row[1]),
                   .created_at = utc_text(wall_time_of_ms(number(row[2]))),
                   .last_seen_at = time_text(row[3]),
                   .tokens = number(row[4])});
  }
  return out;
}

std::optional<std::vector<OperatorToken>> tokens_of(StoreTransaction& store, const std::string& name) {
  if (!is_there(store, name)) return std::nullopt;
  std::vector<OperatorToken> out;
  const auto rows = store.query(
      "SELECT id, note, created_at, expires_at, seen_at FROM admin_tokens WHERE operator = ? ORDER BY created_at, id",
      {name});
  for (const StoreRow& row : rows) {
    out.push_back({.id = text(row[0]),
                   .note = text(row[1]),
                   .created_at = utc_text(wall_time_of_ms(number(row[2]))),
                   .expires_at = time_text(row[3]),
                   .last_seen_at = time_text(row[4])});
  }
  return out;
}

Change add_operator(StoreTransaction& store, const std::string& name, Role role, WallTime now) {
  if (is_there(store, name)) return Change::exists;
  if (count(store, "SELECT count(*) FROM admin_operators") >= kMaxOperators) return Change::too_many;
  store.query("INSERT INTO admin_operators (name, role, created_at) VALUES (?, ?, ?)",
              {name, std::string{to_json(role).as_string()}, unix_ms_of(now)});
  return Change::made;
}

Change remove_operator(StoreTransaction& store, const std::string& name) {
  if (!is_there(store, name)) return Change::missing;
  store.query("DELETE FROM admin_tokens WHERE operator = ?", {name});
  store.query("DELETE FROM admin_operators WHERE name = ?", {name});
  return Change::made;
}

Change add_token(StoreTransaction& store, const NewToken& token, WallTime now) {
  const std::string& name = token.operator_name;
  if (!is_there(store, name)) return Change::missing;
  store.query("DELETE FROM admin_tokens WHERE operator = ? AND expires_at <= ?", {name, unix_ms_of(now)});
  if (count(store, "SELECT count(*) FROM admin_tokens WHERE operator = ?", {name}) >= kMaxTokensOfOperator ||
      count(store, "SELECT count(*) FROM admin_tokens") >= kMaxTokens) {
    return Change::too_many;
  }
  StoreValue expires_at;
  if (token.expires_at) expires_at = unix_ms_of(*token.expires_at);
  store.query("INSERT INTO admin_tokens (id, operator, digest, note, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)",
              {token.id, name, to_hex(token.digest), token.note, unix_ms_of(now), expires_at});
  return Change::made;
}

Change remove_token(StoreTransaction& store, const std::string& name, const std::string& id) {
  const auto gone = store.query("DELETE FROM admin_tokens WHERE operator = ? AND id = ? RETURNING id", {name, id});
  return gone.empty() ? Change::missing : Change::made;
}

void note_seen(StoreTransaction& store, const std::map<std::string, WallTime>& seen) {
  for (const auto& [id, time] : seen) {
    store.query("UPDATE admin_tokens SET seen_at = ? WHERE id = ?", {unix_ms_of(time), id});
  }
}

}  // namespace sluice::admin
