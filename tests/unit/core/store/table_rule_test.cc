#include "core/store/table_rule.h"

#include <doctest/doctest.h>

namespace sluice {

TEST_CASE("a plugin owns the tables whose names start with its own") {
  CHECK(owns_table("chat", "chat"));
  CHECK(owns_table("chat", "chat_messages"));
  CHECK(owns_table("chat", "CHAT_Messages"));
  CHECK(owns_table("chat-bot", "chat_bot_rules"));
  CHECK(!owns_table("chat", "chats"));
  CHECK(!owns_table("chat", "rooms"));
  CHECK(!owns_table("chat", "cha"));
  CHECK(!owns_table("chat", ""));
}

TEST_CASE("nobody owns the list of applied migrations") {
  CHECK(!owns_table("sluice", "sluice_migrations"));
  CHECK(!owns_table("sluice", "Sluice_Migrations"));
  CHECK(owns_table("sluice", "sluice_other"));
}

}  // namespace sluice
