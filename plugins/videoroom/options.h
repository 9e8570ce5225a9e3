#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "permissions.h"
#include "sluice/config.h"
#include "sluice/contracts/rooms.h"

namespace sluice::videoroom {

/// How much of a room is forwarded; 0: everything.
struct LastNOptions {
  int audio = 0;
  int video = 0;

  static Schema<LastNOptions> schema();
};

/// The same of one room; what is missing is as everywhere.
struct RoomLastN {
  std::optional<int> audio;
  std::optional<int> video;

  static Schema<RoomLastN> schema();
};

/// A room that is there from the start and is never closed for being empty.
struct RoomEntry {
  std::string id;
  std::string name;
  std::string tenant;
  std::optional<int> max_participants;
  RoomLastN last_n;

  static Schema<RoomEntry> schema();
};

/// What stands below `plugins: videoroom:`. All but `rooms` may change while the gateway runs; a lower limit meets who
/// comes next, not who is there.
struct Options {
  std::vector<RoomEntry> rooms;
  bool create_on_join = true;
  bool allow_create = true;
  Role default_role = Role::attendee;
  LeastRoles least_role;
  bool single_screen_share = true;
  LastNOptions last_n;

  int max_rooms = 1'000;
  int rooms_per_user = 10;
  int max_participants = 100;
  std::chrono::milliseconds empty_room_close_ms{30'000};
  std::chrono::milliseconds reconnect_grace_ms{15'000};
  int max_undecided_joins = 10'000;

  int transports_per_participant = 4;
  int producers_per_participant = 8;
  int producers_per_room = 500;
  int consumers_per_participant = 512;

  int batch_presence_above = 50;
  std::chrono::milliseconds presence_batch_ms{500};
  int presence_batch_entries = 500;
  int presence_names = 100'000;
  int members_page = 100;

  int name_bytes = 128;
  int attributes_bytes = 4'096;
  int app_data_bytes = 2'048;

  static Schema<Options> schema();
};

}  // namespace sluice::videoroom
