using System.Security.Cryptography;
using Decent.Candid;

namespace Decent.Replica.Canisters;

/// <summary>
/// A canister written as a C# class: methods by name, Candid in and out. All its state is a function of the updates
/// it executed, in order and with their times, so that replaying the log restores it exactly.
/// </summary>
internal abstract class NativeCanister(Principal id)
{
    private readonly Dictionary<string, Method> methods = new(StringComparer.Ordinal);

    /// <summary>The canister's id.</summary>
    public Principal Id { get; } = id;

    /// <summary>At most 32 bytes that the subnet certifies for the canister; null when it certifies none.</summary>
    public virtual byte[]? CertifiedData => null;

    /// <summary>Whether the method exists, and if so whether it only reads.</summary>
    public bool? IsQuery(string method) =>
        methods.TryGetValue(method, out var found) ? found.ReadsOnly : null;

    /// <summary>Whether the canister accepts an update from outside before it is executed.</summary>
    public virtual bool Inspect(string method, Principal caller) => true;

    /// <summary>Executes a method.</summary>
    public CanisterReply Execute(string method, ReadOnlySpan<byte> arg, MessageContext context)
    {
        if (!methods.TryGetValue(method, out var found))
        {
            return CanisterReply.MethodNotFound(Id.ToText(), method);
        }

        try
        {
            var decoded = CandidArg.Decode(arg, found.Arguments);
            return new CanisterReply.Replied(found.Handler(decoded, context).Encode());
        }
        catch (CanisterTrapException trap)
        {
            return CanisterReply.Trapped(Id.ToText(), trap.Message);
        }
        catch (CandidDecodeException malformed)
        {
            return CanisterReply.Trapped(Id.ToText(), "failed to decode the argument: " + malformed.Message);
        }
    }

    /// <summary>An operator's action on the sandbox, as logged and replayed as any update.</summary>
    /// <param name="method">Name of the action.</param>
    /// <param name="arg">Its argument in JSON.</param>
    /// <param name="timeNs">Time of execution, nanoseconds since 1970.</param>
    /// <returns>The answer in JSON.</returns>
    /// <exception cref="ControlException">The canister cannot do this.</exception>
    public virtual byte[] Control(string method, ReadOnlySpan<byte> arg, ulong timeNs) =>
        throw new ControlException($"Canister {Id} has no control '{method}'.");

    /// <summary>Adds everything that makes up the canister's state to a digest.</summary>
    public virtual void AddTo(IncrementalHash digest)
    {
    }

    protected void Query(string name, CandidType[] arguments, Func<CandidArg, MessageContext, CandidArg> handler) =>
        methods.Add(name, new Method(ReadsOnly: true, arguments, handler));

    protected void Query(string name, Func<MessageContext, (CandidType, CandidValue)> handler) =>
        Query(name, [], (_, context) => CandidArg.Of(handler(context)));

    protected void Query(
        string name, CandidType argument, Func<CandidValue, MessageContext, (CandidType, CandidValue)> handler) =>
        Query(name, [argument], (arg, context) => CandidArg.Of(handler(arg.Values[0], context)));

    protected void Update(
        string name, CandidType argument, Func<CandidValue, MessageContext, (CandidType, CandidValue)> handler) =>
        methods.Add(name, new Method(
            ReadsOnly: false, [argument], (arg, context) => CandidArg.Of(handler(arg.Values[0], context))));

    private sealed record Method(
        bool ReadsOnly, CandidType[] Arguments, Func<CandidArg, MessageContext, CandidArg> Handler);
}
