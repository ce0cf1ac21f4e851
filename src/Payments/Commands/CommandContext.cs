namespace Decent.Payments.Commands;

/// <summary>Who asks, and under which key the request happens at most once.</summary>
/// <param name="Actor">Account id or job name; never empty.</param>
/// <param name="Idempotency">The request's key, or null for jobs whose own keys make them idempotent.</param>
public sealed record CommandContext(string Actor, IdempotencyKey? Idempotency)
{
    /// <summary>A context for a job.</summary>
    /// <param name="name">Name of the job, such as <c>job/accrue-releases</c>.</param>
    public static CommandContext Job(string name) => new(name, null);
}

/// <summary>An Idempotency-Key with its scope and the digest of what was asked.</summary>
/// <param name="Scope">Caller + method + route.</param>
/// <param name="Value">The client's key, 1 to 255 characters.</param>
/// <param name="BodyDigest">SHA-256 of the request body, 32 bytes.</param>
public sealed record IdempotencyKey(string Scope, string Value, ReadOnlyMemory<byte> BodyDigest);

/// <summary>The value of a command, and whether it was taken from the first run under the same key.</summary>
/// <param name="Value">The answer.</param>
/// <param name="Replayed">True when nothing was done now.</param>
/// <typeparam name="T">Type of the answer; must survive JSON.</typeparam>
public sealed record CommandResult<T>(T Value, bool Replayed);
