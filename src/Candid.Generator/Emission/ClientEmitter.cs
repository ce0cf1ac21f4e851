namespace Decent.Candid.Generator;

/// <summary>The client of a service: an interface, a class, and the codecs of its messages.</summary>
internal static class ClientEmitter
{
    private const string Principal = "global::Decent.Candid.Principal";
    private const string Client = "global::Decent.Canister.Client.";
    private const string Fault = "global::Decent.Candid.CandidDecodeException";
    private const string Task = "global::System.Threading.Tasks.Task";
    private const string Cancellation = "global::System.Threading.CancellationToken cancellationToken = default";

    internal static string Emit(FileModel model)
    {
        var code = new CodeWriter(model);
        var client = model.Name + "Canister";
        code.Line();
        code.Docs(model.Docs, "The service of " + model.Name + ".");
        code.Open("public interface I" + client);
        code.Line("/// <summary>The canister.</summary>");
        code.Line(Principal + " Canister { get; }");
        foreach (var method in model.Methods)
        {
            code.Line();
            MethodDocs(code, method);
            code.Line(TaskOf(model, method) + " " + method.Name + "Async("
                + Join(Parameters(model, method.Arguments), Cancellation) + ");");
        }

        code.Close();
        code.Line();
        code.Docs(model.Docs, "The service of " + model.Name + ".");
        code.Line("/// <param name=\"agent\">Speaks to the canister.</param>");
        code.Line("/// <param name=\"canister\">The canister.</param>");
        code.Open("public sealed class " + client + "(" + Client + "IAgent agent, " + Principal + " canister)"
            + " : I" + client);
        code.Line("/// <inheritdoc />");
        code.Line("public " + Principal + " Canister { get; } = canister;");
        foreach (var method in model.Methods)
        {
            code.Line();
            code.Line("/// <inheritdoc />");
            code.Open("public " + TaskOf(model, method) + " " + method.Name + "Async("
                + Join(Parameters(model, method.Arguments), Cancellation) + ")");
            EmitCall(
                code, method, "agent", "Canister", Identifiers.Literal(method.DidName),
                "Encode" + method.Name + "Arguments", "Decode" + method.Name + "Reply");
            code.Close();
            if (method.Mode != MethodMode.Query)
            {
                EmitBuild(code, model, method);
            }

            EmitMessages(code, model, method, method.Name);
        }

        code.Close();
        return code.ToString();
    }

    /// <summary>The members of a reference to a method.</summary>
    internal static void EmitFunction(CodeWriter code, FileModel model, MethodModel function)
    {
        code.Line("/// <summary>Calls the method.</summary>");
        code.Line("/// <param name=\"agent\">Speaks to the canister.</param>");
        ArgumentDocs(code, function);
        code.Open("public " + TaskOf(model, function) + " CallAsync("
            + Join(Client + "IAgent agent", Join(Parameters(model, function.Arguments), Cancellation)) + ")");
        EmitCall(code, function, "agent", "Canister", "Method", "EncodeArguments", "DecodeReply");
        code.Close();
        EmitMessages(code, model, function, string.Empty);
    }

    private static void MethodDocs(CodeWriter code, MethodModel method)
    {
        code.Docs(method.Docs, "Method " + method.DidName + ".");
        ArgumentDocs(code, method);
        code.Line("/// <exception cref=\"" + Client + "CanisterCallException\">"
            + (method.Mode == MethodMode.Query
                ? "Refused, unreachable, or an answer of another shape."
                : "Refused, undecided, or an answer of another shape: for calls that need not survive a crash.")
            + "</exception>");
    }

    private static void ArgumentDocs(CodeWriter code, MethodModel method)
    {
        for (var i = 0; i < method.Arguments.Count; i++)
        {
            code.Param(method.Arguments[i].Name, [], "Argument " + (i + 1) + ".");
        }

        code.Line("/// <param name=\"cancellationToken\">Cancels the call.</param>");
    }

    private static void EmitCall(
        CodeWriter code, MethodModel method, string agent, string canister, string name, string encode, string decode)
    {
        var arguments = string.Join(", ", method.Arguments.Select(a => a.Name));
        var call = method.Mode switch
        {
            MethodMode.Query => "QueryAsync",
            MethodMode.Oneway => "SendAsync",
            _ => "CallAsync",
        };
        var reader = method.Mode == MethodMode.Oneway ? string.Empty : ", " + decode;
        code.Line("return " + Client + "CanisterCalls." + call + "(" + agent + ", " + canister + ", " + name + ", "
            + encode + "(" + arguments + ")" + reader + ", cancellationToken);");
    }

    private static void EmitBuild(CodeWriter code, FileModel model, MethodModel method)
    {
        code.Line();
        code.Line("/// <summary>Signs a call to be stored and submitted later; sends nothing.</summary>");
        for (var i = 0; i < method.Arguments.Count; i++)
        {
            code.Param(method.Arguments[i].Name, [], "Argument " + (i + 1) + ".");
        }

        code.Line("/// <param name=\"lifetime\">From now to the expiry; the configured one when null.</param>");
        code.Open("public " + Client + "SignedRequest Build" + method.Name + "("
            + Join(Parameters(model, method.Arguments), "global::System.TimeSpan? lifetime = null") + ")");
        code.Line("return agent.BuildCall(Canister, " + Identifiers.Literal(method.DidName) + ", Encode" + method.Name
            + "Arguments(" + string.Join(", ", method.Arguments.Select(a => a.Name)) + "), lifetime);");
        code.Close();
    }

    private static void EmitMessages(CodeWriter code, FileModel model, MethodModel method, string name)
    {
        EmitMessage(code, model, method.Arguments, "Encode" + name + "Arguments", "Decode" + name + "Arguments",
            "argumentsOf" + name, "the arguments of " + method.DidName);
        if (method.Mode != MethodMode.Oneway)
        {
            EmitMessage(code, model, method.Results, "Encode" + name + "Reply", "Decode" + name + "Reply",
                "resultsOf" + name, "the reply of " + method.DidName);
        }
    }

    private static void EmitMessage(
        CodeWriter code, FileModel model, EquatableArray<ArgumentModel> values, string encode, string decode,
        string signature, string what)
    {
        code.Line();
        code.Line("private static readonly global::Decent.Candid.CandidSignature " + signature + " = new("
            + string.Join(", ", values.Select(v => v.Candid)) + ");");
        code.Line();
        code.Docs([], "Writes " + what + ".");
        code.Open("public static byte[] " + encode + "(" + Parameters(model, values) + ")");
        code.Line("var encoder = new global::Decent.Candid.CandidEncoder(" + signature + ");");
        foreach (var value in values)
        {
            code.Line(CodecEmitter.Write(model, value.Shape, "encoder.Writer", value.Name));
        }

        code.Line("return encoder.ToArray();");
        code.Close();
        code.Line();
        code.Docs([], "Reads " + what + ".");
        code.Line("/// <exception cref=\"" + Fault + "\">Malformed, or does not fit.</exception>");
        code.Open("public static " + ResultOf(model, values) + " " + decode
            + "(global::System.ReadOnlySpan<byte> message)");
        code.Line("var decoder = new global::Decent.Candid.CandidDecoder(message, " + signature + ");");
        code.Open("try");
        foreach (var value in values)
        {
            code.Line("var " + value.Name + " = " + CodecEmitter.Read(
                model, value.Shape, "decoder", "decoder.BeginArgument()") + ";");
            code.Line("decoder.EndArgument();");
        }

        code.Line("decoder.Finish();");
        code.Line("return " + (values.Count == 0 ? "default"
            : values.Count == 1 ? values[0].Name
            : "(" + string.Join(", ", values.Select(v => v.Name)) + ")") + ";");
        code.Close();
        code.Open("catch (" + Fault + " fault) when (fault.Path.Length == 0)");
        code.Line("throw decoder.Locate(fault);");
        code.Close();
        code.Close();
    }

    private static string Join(string first, string second) => first.Length == 0 ? second : first + ", " + second;

    private static string Parameters(FileModel model, EquatableArray<ArgumentModel> values) =>
        string.Join(", ", values.Select(v => model.Shapes[v.Shape].CSharp + " " + v.Name));

    private static string ResultOf(FileModel model, EquatableArray<ArgumentModel> values) => values.Count switch
    {
        0 => "global::Decent.Candid.Nothing",
        1 => model.Shapes[values[0].Shape].CSharp,
        _ => "(" + Parameters(model, values) + ")",
    };

    private static string TaskOf(FileModel model, MethodModel method) =>
        method.Results.Count == 0 ? Task : Task + "<" + ResultOf(model, method.Results) + ">";
}
