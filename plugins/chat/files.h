#pragma once

#include "conversations.h"
#include "file_records.h"
#include "requests.h"
#include "sluice/http.h"
#include "sluice/rest.h"
#include "tickets.h"

namespace sluice::chat {

/// Files: asked for by events, carried by HTTP.
class Files {
 public:
  Files(Context& context, Conversations& conversations);

  /// `chat:upload`: where to PUT the file.
  void offer_upload(Client& client, const Upload& request, Reply reply);
  /// `PUT /api/chat/files/{id}?ticket=`
  void put(const HttpRequest& request, rest::Reply reply);
  /// `chat:file`: where to GET it, for who has no token to show.
  void offer_download(Client& client, const FileName& request, Reply reply);
  /// `GET /api/chat/files/{id}`, with a ticket or a token.
  void get(const HttpRequest& request, HttpReply reply);

 private:
  struct Promise {
    std::string file_id;
    std::string type;
    std::int64_t bytes = 0;
  };
  [[nodiscard]] SharedFile checked(const Upload& request) const;
  void store(const std::string& file_id, std::string content, rest::Reply reply);
  void written(const std::string& file_id, std::shared_ptr<rest::Reply> reply);
  void remove(const std::string& file_id);
  void find_for(const Viewer& viewer, const std::string& file_id, HttpReply reply);
  void find_by_token(const Identity& caller, const Where& where, const std::string& file_id, HttpReply reply);
  void send(const SharedFile& file, HttpReply& reply) const;

  Context& context_;
  Conversations& conversations_;
  Tickets<Promise> uploads_;
  Tickets<SharedFile> downloads_;
};

}  // namespace sluice::chat
