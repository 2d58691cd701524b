#include "state/migrations.h"

#include <fmt/format.h>

#include <array>

namespace spoor::state {
namespace {

/// "SPOR": marks the file as ours (https://www.sqlite.org/pragma.html#pragma_application_id).
constexpr std::int64_t kApplicationId = 0x53504f52;

/// Step N brings version N to N+1. A step that has been released is never edited; a change is a new
/// step.
constexpr std::array kSteps = {
    // 1: devices and the names that lead to them. A merged device keeps its row and its names, and
    // points to the
    // device that it is a part of: merging can be taken back without loss.
    R"(
CREATE TABLE devices(
  device_id TEXT PRIMARY KEY CHECK(length(device_id) = 40 AND device_id NOT GLOB '*[^0-9a-f]*'),
  name TEXT NOT NULL,
  first_seen INTEGER NOT NULL,
  last_seen INTEGER NOT NULL CHECK(last_seen >= first_seen),
  created INTEGER NOT NULL,
  merged_into TEXT REFERENCES devices(device_id) CHECK(merged_into <> device_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX devices_by_merged_into ON devices(merged_into) WHERE merged_into IS NOT NULL;
CREATE TABLE aliases(
  kind TEXT NOT NULL CHECK(kind <> ''),
  value TEXT NOT NULL CHECK(value <> ''),
  device_id TEXT NOT NULL REFERENCES devices(device_id),
  PRIMARY KEY(kind, value)
) STRICT, WITHOUT ROWID;
CREATE INDEX aliases_by_device ON aliases(device_id);
CREATE TABLE settings(
  key TEXT PRIMARY KEY CHECK(key <> ''),
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
)",
    // 2: jobs.
    R"(
CREATE TABLE jobs(
  id TEXT PRIMARY KEY CHECK(id <> ''),
  kind TEXT NOT NULL,
  state TEXT NOT NULL CHECK(state IN ('running', 'done', 'failed', 'purged')),
  started INTEGER NOT NULL,
  finished INTEGER,
  paths TEXT NOT NULL CHECK(json_valid(paths)),
  counters TEXT NOT NULL CHECK(json_valid(counters)),
  report TEXT NOT NULL CHECK(json_valid(report)),
  CHECK((state = 'running') = (finished IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX jobs_by_start ON jobs(started, id);
)",
    // 3: the audit log. The third trigger is for REPLACE, which would overwrite an entry.
    R"(
CREATE TABLE audit(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  time INTEGER NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL CHECK(action <> ''),
  object TEXT NOT NULL,
  detail TEXT NOT NULL CHECK(json_valid(detail))
) STRICT;
CREATE INDEX audit_by_object ON audit(object, id);
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
  BEGIN SELECT RAISE(ABORT, 'entries of the audit log cannot be changed'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
  BEGIN SELECT RAISE(ABORT, 'entries of the audit log cannot be removed'); END;
CREATE TRIGGER audit_no_replace BEFORE INSERT ON audit WHEN EXISTS(SELECT 1 FROM audit WHERE id = NEW.id)
  BEGIN SELECT RAISE(ABORT, 'entries of the audit log cannot be replaced'); END;
)",
    // 4: where a request came from and what came of it; look-ups by actor.
    R"(
ALTER TABLE audit ADD COLUMN address TEXT NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN outcome TEXT NOT NULL DEFAULT 'done'
  CHECK(outcome IN ('done', 'refused', 'failed'));
CREATE INDEX audit_by_actor ON audit(actor, id);
)",
    // 5: users, and what proves them: sessions and API tokens. Hashes of secrets are SHA-256 in
    // hex.
    R"(
CREATE TABLE device_groups(
  id TEXT PRIMARY KEY CHECK(id <> ''),
  name TEXT NOT NULL CHECK(name <> '')
) STRICT, WITHOUT ROWID;
INSERT INTO device_groups VALUES('all', 'All devices');
CREATE TABLE users(
  id TEXT PRIMARY KEY CHECK(id <> ''),
  name TEXT NOT NULL COLLATE NOCASE UNIQUE CHECK(name <> ''),
  display_name TEXT NOT NULL,
  password_hash TEXT NOT NULL CHECK(password_hash LIKE '$argon2id$%'),
  role TEXT NOT NULL,
  must_change_password INTEGER NOT NULL CHECK(must_change_password IN (0, 1)),
  disabled INTEGER NOT NULL CHECK(disabled IN (0, 1)),
  failed_tries INTEGER NOT NULL DEFAULT 0 CHECK(failed_tries >= 0),
  last_failed INTEGER NOT NULL DEFAULT 0,
  locked_until INTEGER NOT NULL DEFAULT 0,
  created INTEGER NOT NULL,
  last_sign_in INTEGER
) STRICT, WITHOUT ROWID;
CREATE TABLE user_groups(
  user_id TEXT NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  group_id TEXT NOT NULL REFERENCES device_groups(id),
  PRIMARY KEY(user_id, group_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE sessions(
  id TEXT PRIMARY KEY CHECK(id <> ''),
  secret_hash TEXT NOT NULL CHECK(length(secret_hash) = 64),
  user_id TEXT NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  created INTEGER NOT NULL,
  last_used INTEGER NOT NULL,
  expires INTEGER NOT NULL,
  address TEXT NOT NULL,
  agent TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_by_user ON sessions(user_id);
CREATE TABLE tokens(
  id TEXT PRIMARY KEY CHECK(id <> ''),
  secret_hash TEXT NOT NULL CHECK(length(secret_hash) = 64),
  name TEXT NOT NULL CHECK(name <> ''),
  owner_id TEXT NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  scopes TEXT NOT NULL CHECK(json_valid(scopes)),
  devices TEXT NOT NULL CHECK(json_valid(devices)),
  created INTEGER NOT NULL,
  expires INTEGER,
  last_used INTEGER,
  revoked INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX tokens_by_owner ON tokens(owner_id);
)",
    // 6: flags and notes on events, every version of them. The last version stands; an empty
    // value is a mark taken away.
    R"(
CREATE TABLE marks(
  device_id TEXT NOT NULL CHECK(device_id <> ''),
  event_id INTEGER NOT NULL CHECK(event_id <> 0),
  kind TEXT NOT NULL CHECK(kind IN ('flag', 'note')),
  version INTEGER NOT NULL CHECK(version > 0),
  event_time INTEGER NOT NULL,
  value TEXT NOT NULL,
  author TEXT NOT NULL,
  set_time INTEGER NOT NULL,
  PRIMARY KEY(device_id, event_id, kind, version)
) STRICT, WITHOUT ROWID;
CREATE INDEX marks_by_time ON marks(device_id, event_time, event_id);
)",
    // 7: what people decide about devices, every version of it; views that they save; how the
    // pages look for them. Owners are ids of users or names of callers that are none; with a user
    // goes what only they could see.
    R"(
CREATE TABLE device_edits(
  device_id TEXT NOT NULL REFERENCES devices(device_id),
  version INTEGER NOT NULL CHECK(version > 0),
  tags TEXT NOT NULL CHECK(json_valid(tags)),
  asset_value TEXT NOT NULL CHECK(asset_value IN ('', 'Low', 'Normal', 'High')),
  criticality TEXT NOT NULL CHECK(criticality IN ('', 'Low', 'Medium', 'High', 'VeryHigh')),
  author TEXT NOT NULL,
  set_time INTEGER NOT NULL,
  change_id TEXT NOT NULL CHECK(length(change_id) = 16),
  PRIMARY KEY(device_id, version)
) STRICT, WITHOUT ROWID;
CREATE INDEX device_edits_by_change ON device_edits(change_id);
CREATE TABLE views(
  id TEXT PRIMARY KEY CHECK(id <> ''),
  owner TEXT NOT NULL CHECK(owner <> ''),
  owner_name TEXT NOT NULL,
  page TEXT NOT NULL CHECK(page IN ('timeline', 'devices')),
  name TEXT NOT NULL COLLATE NOCASE CHECK(name <> ''),
  content TEXT NOT NULL CHECK(json_valid(content)),
  is_shared INTEGER NOT NULL CHECK(is_shared IN (0, 1)),
  version INTEGER NOT NULL CHECK(version > 0),
  created INTEGER NOT NULL,
  changed INTEGER NOT NULL,
  UNIQUE(owner, page, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE person_settings(
  owner TEXT PRIMARY KEY CHECK(owner <> ''),
  content TEXT NOT NULL CHECK(json_valid(content)),
  changed INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TRIGGER users_gone AFTER DELETE ON users BEGIN
  DELETE FROM views WHERE owner = OLD.id AND NOT is_shared;
  DELETE FROM person_settings WHERE owner = OLD.id;
END;
)",
};

Result<void> check_owner(Database& database, std::int64_t version) {
  const std::int64_t application = TRY(database.integer("PRAGMA application_id"));
  const std::int64_t tables = TRY(database.integer("SELECT count(*) FROM sqlite_schema"));
  const bool is_new = application == 0 && version == 0 && tables == 0;
  if (!is_new && application != kApplicationId) {
    return fail(Error::make(ErrorCode::kInvalidInput, "is a database of another program")
                    .at(database.path()));
  }
  return {};
}

/// One step, or none where the database is already there.
Result<bool> take_step(Database& database, int target) {
  const std::int64_t version = TRY(database.integer("PRAGMA user_version"));
  TRY_VOID(check_owner(database, version));
  if (version > newest_version()) {
    return fail(
        Error::make(
            ErrorCode::kConflict,
            fmt::format("the state database has schema version {}, this build knows up to {}",
                        version, newest_version()))
            .at(database.path())
            .with_hint(
                "use the newer build that wrote it, or restore a backup from before the upgrade"));
  }
  if (version >= target) {
    return false;
  }
  TRY_VOID(database.execute(kSteps[static_cast<std::size_t>(version)]));
  TRY_VOID(database.execute(
      fmt::format("PRAGMA application_id={}; PRAGMA user_version={};", kApplicationId, version + 1)
          .c_str()));
  return true;
}

}  // namespace

int newest_version() { return static_cast<int>(kSteps.size()); }

Result<void> migrate(Database& database, int version) {
  for (;;) {
    // The version is read inside the lock: two processes must not both take the same step.
    TRY_VOID(database.execute("BEGIN IMMEDIATE"));
    Result<bool> stepped = take_step(database, version);
    Result<void> ended = stepped ? database.execute("COMMIT") : Result<void>{};
    if (!stepped || !ended) {
      static_cast<void>(database.execute("ROLLBACK"));
      return fail(stepped ? std::move(ended).error() : std::move(stepped).error());
    }
    if (!*stepped) {
      return {};
    }
  }
}

}  // namespace spoor::state
