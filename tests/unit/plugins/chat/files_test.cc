#include <fstream>

#include "tests/unit/plugins/chat/chat_gateway.h"

namespace sluice::testing {

namespace {

constexpr const char* kRoute = "/api/chat/files/{id}";

/// A gateway that keeps files, with Anna and Ben in the lobby.
struct Storage {
  explicit Storage(json::object files = {}, bool with_meetings = false)
      : gateway{with_folder(std::move(files)), with_meetings} {}

  json::object with_folder(json::object files) {
    files["storage_dir"] = folder.file("files");
    return {{"files", std::move(files)}};
  }
  Answer announce(FakeClient& client, const std::string& name = "a.png", std::int64_t size = 4,
                  const std::string& type = "image/png") {
    return gateway.host.call(client, "chat:upload", {{"name", name}, {"size", size}, {"type", type}});
  }
  static HttpRequest request_for(const std::string& url, Identity identity = user("nobody")) {
    HttpRequest request;
    const std::size_t id = url.rfind('/') + 1;
    const std::size_t end = url.find('?');
    request.path_parameters["id"] = url.substr(id, end - id);
    if (end != std::string::npos) request.query["ticket"] = url.substr(url.find('=') + 1);
    request.identity = std::move(identity);
    return request;
  }
  HttpAnswer put(const std::string& url, const std::string& body, const std::string& type = "image/png") {
    HttpRequest request = request_for(url);
    request.body = body;
    request.headers["content-type"] = type;
    HttpAnswer answer = gateway.host.http().call("PUT", kRoute, request);
    gateway.host.run();
    return answer;
  }
  HttpAnswer get(const HttpRequest& request) {
    HttpAnswer answer = gateway.host.http().call("GET", kRoute, request);
    gateway.host.run();
    return answer;
  }
  /// The id of a file of Anna's that is stored and not sent.
  std::string stored() {
    const Answer promised = announce(anna);
    CHECK(put(std::string{promised["url"].as_string()}, "PNG!").status() == 201);
    return std::string{promised["fileId"].as_string()};
  }
  static std::string content(const HttpAnswer& answer) {
    std::ifstream in{answer.response().file};
    return {std::istreambuf_iterator<char>{in}, {}};
  }
  std::size_t on_disk() const {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator{folder.file("files")},
                                                  std::filesystem::directory_iterator{}));
  }

  TemporaryFolder folder;
  ChatGateway gateway;
  FakeRoom& room = gateway.room("lobby");
  FakeClient& anna = gateway.join(room, "anna");
  FakeClient& ben = gateway.join(room, "ben");
  FakeClient& viewer = gateway.join(room, "vera", Role::viewer);
};

}  // namespace

TEST_CASE("a file is announced, uploaded, sent, and downloaded by who may see it") {
  Storage storage;
  const std::string id = storage.stored();
  REQUIRE(storage.gateway.send(storage.anna, "look", {{"type", "file"}, {"fileId", id}}).ok());
  const json::value file = storage.ben.last("chat:message").at("file");
  CHECK(file.at("fileId") == json::value(id));
  CHECK(file.at("name") == "a.png");
  CHECK(file.at("size") == 4);
  CHECK(storage.gateway.host.call(storage.ben, "chat:history")["messages"].at(0).at("file") == file);

  const Answer offer = storage.gateway.host.call(storage.ben, "chat:file", {{"fileId", id}});
  const HttpAnswer got = storage.get(Storage::request_for(std::string{offer["url"].as_string()}));
  CHECK(Storage::content(got) == "PNG!");
  CHECK(got.response().content_type == "image/png");
  CHECK(got.response().headers.at("Content-Disposition") == "attachment; filename=\"a.png\"; filename*=UTF-8''a.png");
  CHECK(got.response().headers.at("X-Content-Type-Options") == "nosniff");
}

TEST_CASE("a token opens the files of the room that its user is in") {
  Storage storage;
  const std::string open = storage.stored();
  storage.gateway.send(storage.anna, "", {{"fileId", open}});
  const std::string secret = storage.stored();
  storage.gateway.send(storage.anna, "", {{"fileId", secret}, {"to", "p-ben"}});
  const std::string unsent = storage.stored();
  struct Row {
    std::string file;
    Identity who;
    int status;
  };
  for (const Row& row :
       {Row{open, user("ben"), 200}, Row{open, user("stranger"), 404}, Row{open, user("ben", "acme"), 404},
        Row{secret, user("ben"), 200}, Row{secret, user("vera"), 404}, Row{unsent, user("anna"), 200},
        Row{unsent, user("ben"), 404}, Row{"../../etc/passwd", user("ben"), 404}}) {
    CAPTURE(row.who.user_id);
    CHECK(storage.get(Storage::request_for("/" + row.file, row.who)).status() == row.status);
  }
  CHECK(storage.gateway.host.call(storage.viewer, "chat:file", {{"fileId", secret}}).code() == "NOT_FOUND");
  FakeClient& elsewhere = storage.gateway.join(storage.gateway.room("attic"), "carl");
  CHECK(storage.gateway.host.call(elsewhere, "chat:file", {{"fileId", open}}).code() == "NOT_FOUND");
}

TEST_CASE("what may not be uploaded is refused before anything is sent") {
  Storage storage({{"max_bytes", 10}, {"user_bytes", 10}});
  CHECK(storage.announce(storage.viewer).code() == "PERMISSION_DENIED");
  CHECK(storage.announce(storage.anna, "a", 11).code() == "LIMIT_EXCEEDED");
  CHECK(storage.announce(storage.anna, "a", 0).code() == "INVALID_PAYLOAD");
  CHECK(storage.announce(storage.anna, "a", -1).code() == "INVALID_PAYLOAD");
  CHECK(storage.announce(storage.anna, "a.html", 1, "text/html").code() == "UNSUPPORTED");
  CHECK(storage.announce(storage.anna, "a.svg", 1, "image/svg+xml").code() == "UNSUPPORTED");
  CHECK(storage.announce(storage.anna, "a", 6).ok());
  CHECK(storage.announce(storage.anna, "b", 6).code() == "LIMIT_EXCEEDED");  // both together are too much
  CHECK(storage.announce(storage.ben, "b", 6).ok());

  ChatGateway without;
  FakeClient& anna = without.join(without.room("lobby"), "anna");
  CHECK(without.host.call(anna, "chat:upload", {{"name", "a"}, {"size", 1}, {"type", "image/png"}}).code() ==
        "UNSUPPORTED");
}

TEST_CASE("all files of a room have a bound together") {
  Storage storage({{"room_bytes", 10}});
  CHECK(storage.announce(storage.anna, "a", 6).ok());
  CHECK(storage.announce(storage.ben, "b", 6).code() == "LIMIT_EXCEEDED");
  FakeClient& elsewhere = storage.gateway.join(storage.gateway.room("attic"), "carl");
  CHECK(storage.announce(elsewhere, "c", 6).ok());
}

TEST_CASE("an upload is what was announced, once, and in time") {
  Storage storage;
  const std::string url{storage.announce(storage.anna)["url"].as_string()};
  CHECK(storage.put(url, "longer").status() == 400);
  CHECK(storage.put(url, "PNG!", "text/html").status() == 422);
  CHECK(storage.put(url + "x", "PNG!").status() == 404);
  CHECK(storage.put("/other" + url.substr(url.find('?')), "PNG!").status() == 404);
  CHECK(storage.on_disk() == 0);
  SUBCASE("once") {
    CHECK(storage.put(url, "PNG!", "image/png; charset=binary").status() == 201);
    CHECK(storage.put(url, "PNG!").status() == 404);
    CHECK(storage.on_disk() == 1);
  }
  SUBCASE("in time") {
    storage.gateway.host.advance(std::chrono::minutes{10});
    CHECK(storage.put(url, "PNG!").status() == 404);
  }
  SUBCASE("a store that fails") {
    storage.gateway.store.broken = true;
    CHECK(storage.put(url, "PNG!").status() == 500);
  }
  SUBCASE("a disk that fails") {
    std::filesystem::remove_all(storage.folder.file("files"));
    CHECK(storage.put(url, "PNG!").status() == 500);
  }
}

TEST_CASE("only one's own file is sent, and only once, and not before it is there") {
  Storage storage;
  const std::string promised{storage.announce(storage.anna)["fileId"].as_string()};
  const std::string id = storage.stored();
  const auto send = [&](FakeClient& client, const std::string& file) {
    return storage.gateway.send(client, "", {{"type", "file"}, {"fileId", file}});
  };
  CHECK(send(storage.anna, promised).code() == "NOT_FOUND");
  CHECK(send(storage.ben, id).code() == "NOT_FOUND");
  CHECK(storage.gateway.send(storage.anna, "x", {{"type", "file"}}).code() == "INVALID_PAYLOAD");
  CHECK(storage.gateway.send(storage.anna, "x", {{"type", "text"}, {"fileId", id}}).code() == "INVALID_PAYLOAD");
  CHECK(send(storage.anna, id).ok());
  CHECK(send(storage.anna, id).code() == "NOT_FOUND");
}

TEST_CASE("names are shown and never used") {
  Storage storage;
  const Answer promised = storage.announce(storage.anna, "../../../tmp/\xc3\xa4 \"x\".png");
  const std::string url{promised["url"].as_string()};
  CHECK(storage.put(url, "PNG!").status() == 201);
  CHECK(storage.on_disk() == 1);
  storage.gateway.send(storage.anna, "", {{"fileId", promised["fileId"]}});
  CHECK(storage.ben.last("chat:message").at("file").at("name") == "\xc3\xa4 \"x\".png");
  const HttpAnswer got =
      storage.get(Storage::request_for("/" + std::string{promised["fileId"].as_string()}, user("ben")));
  CHECK(got.response().headers.at("Content-Disposition") ==
        "attachment; filename=\"__ _x_.png\"; filename*=UTF-8''%C3%A4%20%22x%22.png");
}

TEST_CASE("files go with their message, with their room, and when nobody sends them") {
  Storage storage;
  const std::string id = storage.stored();
  SUBCASE("with the message") {
    const std::string message = storage.gateway.said(storage.anna, "", {{"fileId", id}});
    CHECK(storage.on_disk() == 1);
    storage.gateway.host.call(storage.anna, "chat:delete", {{"messageId", message}});
  }
  SUBCASE("with the room") {
    storage.gateway.send(storage.anna, "", {{"fileId", id}});
    storage.room.close("closed");
  }
  SUBCASE("unsent") { storage.gateway.host.advance(std::chrono::minutes{80}); }
  SUBCASE("with the room, unsent") { storage.room.close("closed"); }
  storage.gateway.host.run();
  storage.gateway.host.run();
  CHECK(storage.on_disk() == 0);
  CHECK(storage.gateway.rows("chat_files") == 0);
}

TEST_CASE("a room that closes while a file is written keeps nothing of it") {
  Storage storage;
  const std::string url{storage.announce(storage.anna)["url"].as_string()};
  HttpRequest request = Storage::request_for(url);
  request.body = "PNG!";
  request.headers["content-type"] = "image/png";
  const HttpAnswer answer = storage.gateway.host.http().call("PUT", kRoute, request);
  storage.gateway.sqlite.database().query("DELETE FROM chat_files");  // as the room's end may have it
  storage.gateway.host.run();
  CHECK(answer.status() == 404);
  CHECK(storage.on_disk() == 0);
}

TEST_CASE("what half-written files have left is removed at the start") {
  const TemporaryFolder folder;
  { std::ofstream{folder.file("abc.part")} << "half"; }
  { std::ofstream{folder.file("whole")} << "whole"; }
  const ChatGateway gateway({{"files", json::object{{"storage_dir", folder.file("")}}}});
  CHECK(folder.count() == 1);
}

}  // namespace sluice::testing
