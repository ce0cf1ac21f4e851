using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Npgsql;

namespace Decent.Acceptance.Tests;

/// <summary>One sandbox for a class of tests, with a client per caller and a look at the whole state.</summary>
public sealed class RunningSandbox : IAsyncLifetime
{
    // Heartbeats in machine time: the scheduler's own tables, leases, and the keys that protect cookies.
    private const string TablesSql = """
        select format('%I.%I', n.nspname, c.relname)
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema', 'quartz', 'ops')
          and c.relname <> 'data_protection_keys'
        order by 1
        """;

    // Everything of a row but the moment a watcher last looked, which moves although nothing changed.
    private const string Row = "(to_jsonb(t) - 'watched_at')::text";

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromMinutes(2) };
    private SandboxProcess? _sandbox;
    private NpgsqlDataSource? _owner;

    internal SandboxProcess Sandbox => _sandbox!;

    /// <inheritdoc />
    public async ValueTask InitializeAsync()
    {
        await RequiresPostgres.CheckAsync();
        _sandbox = SandboxProcess.Start(null, "up");
        var run = await _sandbox.ReadyAsync();
        var passwords = JsonNode.Parse(
            await File.ReadAllTextAsync(Path.Combine(_sandbox.State, "secrets", "database.json")))!;
        _owner = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = run["postgresPort"]!.GetValue<int>(),
            Database = "decent",
            Username = "decent_owner",
            Password = passwords["Owner"]!.GetValue<string>(),
        }.ConnectionString);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_owner is not null)
        {
            await _owner.DisposeAsync();
        }

        if (_sandbox is not null)
        {
            var state = _sandbox.State;
            await _sandbox.DisposeAsync();
            SandboxProcess.Remove(state);
        }
    }

    /// <summary>Root address of one of the parts.</summary>
    public Uri Part(string name) => new(Sandbox.Run![name]!.GetValue<string>());

    /// <summary>One request.</summary>
    /// <param name="method">Such as POST.</param>
    /// <param name="path">Path and query.</param>
    /// <param name="caller">Name of a key, or null for none.</param>
    /// <param name="body">Exact body, or null.</param>
    /// <param name="headers">Further headers.</param>
    /// <param name="part">Which part is asked.</param>
    internal async Task<Answer> SendAsync(
        string method, string path, string? caller, string? body = null, IReadOnlyDictionary<string,
        string>? headers = null, string part = "host")
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(Part(part), path));
        if (caller is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue(
                "Bearer", Sandbox.Keys[caller]?.GetValue<string>() ?? caller);
        }

        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        foreach (var (name, value) in headers ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        return new Answer(
            (int)response.StatusCode,
            response.Content.Headers.ContentType?.MediaType,
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            response.Headers.ToDictionary(
                h => h.Key, h => string.Join(',', h.Value), StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>Walks the business clock; returns when nothing is due.</summary>
    internal async Task WalkAsync(int seconds)
    {
        var answer = await SendAsync("POST", "/sandbox/clock", null, $$"""{"advanceSeconds":{{seconds}}}""");
        Assert.True(answer.Status == 200, answer.Body);
    }

    /// <summary>A digest of every row of every table, and of everything on the replica's ledgers.</summary>
    internal async Task<string> StateAsync()
    {
        var text = new StringBuilder();
        await using var connection = await _owner!.OpenConnectionAsync(TestContext.Current.CancellationToken);
        foreach (var table in await ReadAsync(connection, TablesSql))
        {
            var digest = await ReadAsync(
                connection,
                $"select count(*) || ' ' || coalesce(md5(string_agg({Row}, ' ' order by {Row})), '') from {table} t");
            text.Append(table).Append(' ').Append(digest[0]).Append('\n');
        }

        text.Append((await SendAsync("GET", "/control/digest", null, part: "replica")).Body);
        return text.ToString();
    }

    private static async Task<List<string>> ReadAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var rows = new List<string>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            rows.Add(reader.GetString(0));
        }

        return rows;
    }

    internal sealed record Answer(
        int Status, string? MediaType, string Body, IReadOnlyDictionary<string, string> Headers)
    {
        public JsonNode Json => JsonNode.Parse(Body)!;

        public string? Code => MediaType == "application/problem+json" ? Json["code"]?.GetValue<string>() : null;
    }
}
