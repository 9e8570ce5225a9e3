#include "options.h"

#include "room_id.h"

namespace sluice::videoroom {

namespace {

constexpr int kMostLastN = 1'000;

std::optional<std::string> room_id_problem(const std::string& id) {
  if (is_room_id(id)) return std::nullopt;
  return "must be 1 to 64 letters, digits, '-', '_' or '.'";
}

}  // namespace

Schema<LastNOptions> LastNOptions::schema() {
  return Schema<LastNOptions>{"How much of a room is forwarded. Screens and who is in the spotlight always are."}
      .option("audio", &LastNOptions::audio, "So many audio streams, the loudest; 0: all.", range(0, kMostLastN))
      .option("video", &LastNOptions::video, "The cameras of so many, who spoke last; 0: all.", range(0, kMostLastN));
}

Schema<RoomLastN> RoomLastN::schema() {
  return Schema<RoomLastN>{"Instead of the common `last_n`."}
      .option("audio", &RoomLastN::audio, "So many audio streams, the loudest; 0: all.", range(0, kMostLastN))
      .option("video", &RoomLastN::video, "The cameras of so many, who spoke last; 0: all.", range(0, kMostLastN));
}

Schema<RoomEntry> RoomEntry::schema() {
  return Schema<RoomEntry>{"A room that is always there."}
      .option("id", &RoomEntry::id, "What clients join.", check("a room id", room_id_problem))
      .required()
      .option("name", &RoomEntry::name, "What people read; the id where it is empty.", max_bytes(256))
      .option("tenant", &RoomEntry::tenant, "Whose users may enter; empty: those whose token names no tenant.",
              max_bytes(256))
      .option("max_participants", &RoomEntry::max_participants, "Instead of the common limit.", range(1, 100'000))
      .option("last_n", &RoomEntry::last_n, "How much of the room is forwarded.");
}

Schema<Options> Options::schema() {
  return Schema<Options>{"Rooms, who may enter them, and the media between the people in them."}
      .option("rooms", &Options::rooms, "Rooms that are always there.", max_items(1'000))
      .option("create_on_join", &Options::create_on_join, "Whoever joins a room that does not exist creates it.")
      .reloadable()
      .option("allow_create", &Options::allow_create, "Clients may create rooms with `room:create`.")
      .reloadable()
      .option("default_role", &Options::default_role, "Role of a participant whose token names none.")
      .reloadable()
      .option("least_role", &Options::least_role, "What each role may do.")
      .reloadable()
      .option("single_screen_share", &Options::single_screen_share,
              "While somebody shares a screen, nobody else in the room may.")
      .reloadable()
      .option("last_n", &Options::last_n, "How much of a room is forwarded.")
      .reloadable()
      .option("max_rooms", &Options::max_rooms, "Most rooms at a time.", range(1, 100'000))
      .reloadable()
      .option("rooms_per_user", &Options::rooms_per_user, "Most rooms at a time that one user created.",
              range(1, 10'000))
      .reloadable()
      .option("max_participants", &Options::max_participants, "Most participants of a room.", range(1, 100'000))
      .reloadable()
      .option("empty_room_close_ms", &Options::empty_room_close_ms, "How long an empty room stays.")
      .reloadable()
      .option("reconnect_grace_ms", &Options::reconnect_grace_ms,
              "How long a participant whose connection broke may come back; 0: it leaves at once.", range(0, 3'600'000))
      .reloadable()
      .option("max_undecided_joins", &Options::max_undecided_joins, "Most joins that wait to be let in.",
              range(1, 100'000))
      .reloadable()
      .option("transports_per_participant", &Options::transports_per_participant, "Most transports.", range(1, 64))
      .reloadable()
      .option("producers_per_participant", &Options::producers_per_participant, "Most tracks sent.", range(1, 64))
      .reloadable()
      .option("producers_per_room", &Options::producers_per_room, "Most tracks sent in one room.", range(1, 20'000))
      .reloadable()
      .option("consumers_per_participant", &Options::consumers_per_participant, "Most tracks received.",
              range(1, 10'000))
      .reloadable()
      .option("batch_presence_above", &Options::batch_presence_above,
              "In rooms of more participants, who came and went is told in batches.", range(0, 10'000))
      .reloadable()
      .option("presence_batch_ms", &Options::presence_batch_ms, "How long a batch gathers.", range(10, 60'000))
      .reloadable()
      .option("presence_batch_entries", &Options::presence_batch_entries, "A batch this large is sent at once.",
              range(1, 10'000))
      .reloadable()
      .option(
          "presence_names", &Options::presence_names,
          "Names that a batch may bring to all receivers together: a room of 10,000 hears of 10 participants at once, "
          "publishers first, and how many there are.",
          range(1, 10'000'000))
      .reloadable()
      .option("members_page", &Options::members_page, "Most participants in one answer; `room:members` has the rest.",
              range(1, 1'000))
      .reloadable()
      .option("name_bytes", &Options::name_bytes, "Longest name of a participant; longer ones are cut.", range(8, 256))
      .reloadable()
      .option("attributes_bytes", &Options::attributes_bytes, "Most that a participant may say of itself, as JSON.",
              range(0, 65'536))
      .reloadable()
      .option("app_data_bytes", &Options::app_data_bytes, "Most that a producer's `appData` may hold, as JSON.",
              range(0, 65'536))
      .reloadable();
}

}  // namespace sluice::videoroom
