#pragma once
// The part of libchdb's C interface that spoor-store uses. The package has no header; these
// declarations hold for the version below, which is checked before the first call.
// All texts are bytes with a length. Every result is destroyed once, those of errors too.

#include <cstddef>
#include <cstdint>

namespace spoor::storeworker {
/// What chdb_version() of the pinned package says.
inline constexpr const char* kEngineVersion = "26.7.3";
}  // namespace spoor::storeworker

extern "C" {

struct chdb_conn_handle;
struct chdb_query_result;
struct chdb_insert_stream;
/// What chdb_connect gives points to one of these; calls take it, chdb_close_conn takes the
/// pointer.
using chdb_connection = chdb_conn_handle*;

struct chdb_classification {
  std::uint32_t size;  ///< set to sizeof before the call
  std::uint32_t statements;
  std::uint32_t flags;
  std::uint32_t kind;  ///< 0 reads, 1 writes or changes a table, 2 changes global objects, 3 other
};

const char* chdb_version();
void chdb_set_signal_handlers_enabled(int enabled);
chdb_connection* chdb_connect(int argc, char** argv);
void chdb_close_conn(chdb_connection* connection);

chdb_query_result* chdb_query_n(chdb_connection connection, const char* sql, std::size_t sql_size,
                                const char* format, std::size_t format_size);
chdb_query_result* chdb_query_with_params_n(chdb_connection connection, const char* sql,
                                            std::size_t sql_size, const char* format,
                                            std::size_t format_size, const char* const* names,
                                            const std::size_t* name_sizes,
                                            const char* const* values,
                                            const std::size_t* value_sizes, std::size_t count);
chdb_query_result* chdb_stream_query_with_params_n(
    chdb_connection connection, const char* sql, std::size_t sql_size, const char* format,
    std::size_t format_size, const char* const* names, const std::size_t* name_sizes,
    const char* const* values, const std::size_t* value_sizes, std::size_t count);
/// A result of length 0 ends the stream.
chdb_query_result* chdb_stream_fetch_result(chdb_connection connection, chdb_query_result* stream);
/// Only between fetches, by the thread that fetches.
void chdb_stream_cancel_query(chdb_connection connection, chdb_query_result* stream);

chdb_insert_stream* chdb_stream_insert_n(chdb_connection connection, const char* sql,
                                         std::size_t sql_size, const char* format,
                                         std::size_t format_size);
int chdb_stream_append(chdb_insert_stream* stream, const void* bytes, std::size_t size);
chdb_query_result* chdb_stream_done(chdb_insert_stream* stream);
void chdb_stream_cancel_insert(chdb_insert_stream* stream);
const char* chdb_stream_insert_error(chdb_insert_stream* stream);
void chdb_destroy_insert_stream(chdb_insert_stream* stream);

const char* chdb_result_error(chdb_query_result* result);
char* chdb_result_buffer(chdb_query_result* result);
std::size_t chdb_result_length(chdb_query_result* result);
double chdb_result_elapsed(chdb_query_result* result);
std::uint64_t chdb_result_rows_read(chdb_query_result* result);
std::uint64_t chdb_result_bytes_read(chdb_query_result* result);
std::uint64_t chdb_result_storage_rows_read(chdb_query_result* result);
std::uint64_t chdb_result_storage_bytes_read(chdb_query_result* result);
std::uint64_t chdb_result_rows_written(chdb_query_result* result);
std::uint64_t chdb_result_bytes_written(chdb_query_result* result);
void chdb_destroy_query_result(chdb_query_result* result);

int chdb_classify_query_n(chdb_connection connection, const char* sql, std::size_t sql_size,
                          const char* database, std::size_t database_size,
                          chdb_classification* out);
}
