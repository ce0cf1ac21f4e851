using System.Text.Json;

namespace Decent.Sandbox.Supervision;

/// <summary>What runs where; written when a sandbox is ready, removed when it stops.</summary>
/// <param name="ProcessId">The supervisor.</param>
/// <param name="Host">Root address of REST and console.</param>
/// <param name="Replica">Root address of the replica.</param>
/// <param name="ICPay">Root address of the ICPay emulator.</param>
/// <param name="Stripe">Root address of the Stripe emulator.</param>
/// <param name="HostProcessId">The host as it runs now; changes when it is restarted.</param>
/// <param name="PostgresPort">PostgreSQL on 127.0.0.1.</param>
/// <param name="PlatformAccount">Our own account on every ledger, as text.</param>
internal sealed record RunFile(
    int ProcessId, Uri Host, Uri Replica, Uri ICPay, Uri Stripe, int HostProcessId, int PostgresPort,
    string PlatformAccount)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Writes the file in one step.</summary>
    public void Write(StateDirectory state)
    {
        var draft = state.Run + ".new";
        File.WriteAllText(draft, JsonSerializer.Serialize(this, Json));
        File.Move(draft, state.Run, overwrite: true);
    }

    /// <summary>Reads the file, or null when nothing runs.</summary>
    public static RunFile? TryRead(StateDirectory state)
    {
        try
        {
            return JsonSerializer.Deserialize<RunFile>(File.ReadAllText(state.Run), Json);
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            return null;
        }
    }
}
