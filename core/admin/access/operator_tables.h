#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/admin/access/access_table.h"
#include "sluice/store.h"

/// The operators and their tokens as the store keeps them: the people and programs that use the admin API, beyond those
/// of the configuration. A token itself is never kept, only its digest.
/// @note Each function is a part of one unit of work, on the store's thread; `now` is handed in.
namespace sluice::admin {

inline constexpr std::size_t kMaxOperators = 200;
inline constexpr std::size_t kMaxTokensOfOperator = 20;
inline constexpr std::size_t kMaxTokens = 1'000;

struct Operator {
  std::string name;
  Role role = Role::read;
  std::string created_at;
  std::optional<std::string> last_seen_at;  ///< when one of its tokens was last shown, within a minute
  std::int64_t tokens = 0;
};
BOOST_DESCRIBE_STRUCT(Operator, (), (name, role, created_at, last_seen_at, tokens))

struct OperatorToken {
  std::string id;
  std::string note;
  std::string created_at;
  std::optional<std::string> expires_at;
  std::optional<std::string> last_seen_at;
};
BOOST_DESCRIBE_STRUCT(OperatorToken, (), (id, note, created_at, expires_at, last_seen_at))

struct NewToken {
  std::string id;
  std::string operator_name;
  TokenDigest digest{};
  std::string note;
  std::optional<WallTime> expires_at;
};

/// What became of a change.
enum class Change : std::uint8_t {
  made,
  exists,    ///< an operator of this name is there
  missing,   ///< no such operator, or no such token
  too_many,  ///< a bound is reached
};

[[nodiscard]] std::vector<KnownToken> known_tokens(StoreTransaction& store);
[[nodiscard]] std::vector<Operator> operators(StoreTransaction& store);
/// Nothing: no such operator.
[[nodiscard]] std::optional<std::vector<OperatorToken>> tokens_of(StoreTransaction& store, const std::string& name);

[[nodiscard]] Change add_operator(StoreTransaction& store, const std::string& name, Role role, WallTime now);
/// And all of its tokens.
[[nodiscard]] Change remove_operator(StoreTransaction& store, const std::string& name);
/// Expired ones of the same operator go first.
[[nodiscard]] Change add_token(StoreTransaction& store, const NewToken& token, WallTime now);
[[nodiscard]] Change remove_token(StoreTransaction& store, const std::string& name, const std::string& id);
void note_seen(StoreTransaction& store, const std::map<std::string, WallTime>& seen);

}  // namespace sluice::admin
