namespace Decent.Postgres;

/// <summary>
/// Told about moments between durable steps (an intent is committed, bytes are about to leave, an answer is about to
/// be committed). Production does nothing; the sandbox ends the process there to prove that a restart heals.
/// </summary>
public interface IFaultProbe
{
    /// <summary>The program reached a named point.</summary>
    /// <param name="point">Name such as <c>attempt_committed</c>.</param>
    void Reached(string point);
}

/// <summary>A probe that does nothing.</summary>
public sealed class NoFaults : IFaultProbe
{
    /// <inheritdoc />
    public void Reached(string point)
    {
    }
}
